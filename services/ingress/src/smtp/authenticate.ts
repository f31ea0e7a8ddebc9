/** AUTH between smtp-server, which speaks PLAIN and LOGIN, and the authenticator, which knows passwords (RFC 4954). */
import type { SMTPServerAuthentication, SMTPServerAuthenticationResponse, SMTPServerSession } from 'smtp-server'
import type { AuthOutcome } from '../auth/authenticator.ts'
import type { IngressRoom } from '../ingress-room.ts'
import { currentPolicy } from './current-policy.ts'

type Done = (error: Error | null | undefined, response?: SMTPServerAuthenticationResponse) => void
type Refusal = Exclude<AuthOutcome, 'accepted'> | 'authorization-identity' | 'no-policy'

/** 535 where the client is wrong, 454 where it is not to blame or must wait (RFC 4954 §6). smtp-server adds the enhanced code. */
const answers: Readonly<Record<Refusal, readonly [number, string]>> = {
  refused: [535, 'authentication failed: check user and password'],
  'authorization-identity': [535, 'an authorization identity other than the user is not possible'],
  'must-wait': [454, 'too many failed logins from your address, try again later'],
  busy: [454, 'too many logins at once, try again later'],
  unusable: [454, 'authentication is not possible now, try again later'],
  'no-policy': [454, 'the gateway is starting, try again later'],
}

export async function authenticate(
  room: IngressRoom,
  auth: SMTPServerAuthentication,
  session: SMTPServerSession,
  done: Done,
): Promise<void> {
  const user = auth.username ?? ''
  const outcome = await judge(room, auth, user, session.remoteAddress)
  if (outcome === 'accepted') {
    done(null, { user })
    return
  }
  const [responseCode, text] = answers[outcome]
  room.metrics.failedLogins.inc({ reason: outcome })
  room.ports.log.warn({ client: session.remoteAddress, user, reason: outcome }, 'AUTH failed')
  done(Object.assign(new Error(text), { responseCode }))
}

async function judge(
  room: IngressRoom,
  auth: SMTPServerAuthentication,
  user: string,
  clientAddress: string,
): Promise<'accepted' | Refusal> {
  // Acting for somebody else is not for applications (RFC 4616 §2).
  if (auth.authzid && auth.authcid && auth.authzid !== auth.authcid) return 'authorization-identity'
  const policy = currentPolicy(room)
  if (!policy) return 'no-policy'
  return await room.authenticator.check(policy, { user, password: auth.password ?? '', clientAddress })
}
