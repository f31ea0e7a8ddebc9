/** AUTH between smtp-server, which speaks PLAIN and LOGIN, and the authenticator, which knows passwords (RFC 4954). */
import type { SMTPServerAuthentication, SMTPServerAuthenticationResponse, SMTPServerSession } from 'smtp-server'
import type { IngressRoom } from '../ingress-room.ts'

type Done = (error: Error | null | undefined, response?: SMTPServerAuthenticationResponse) => void

/** Replies come by way of smtp-server: 235, 535 5.7.8, or 454 4.7.0 where the client is not to blame or must wait. */
export function authenticate(room: IngressRoom, auth: SMTPServerAuthentication, session: SMTPServerSession, done: Done): void {
  const user = auth.username ?? ''
  const refuse = (reason: string, responseCode: number, text: string): void => {
    room.metrics.failedLogins.inc({ reason })
    room.ports.log.warn({ client: session.remoteAddress, user, reason }, 'AUTH failed')
    done(Object.assign(new Error(text), { responseCode }))
  }
  // Acting for somebody else is not for applications (RFC 4616 §2).
  if (auth.authzid && auth.authcid && auth.authzid !== auth.authcid)
    return refuse('authzid', 535, 'an authorization identity is not possible')
  let policy: ReturnType<typeof room.ports.policy.current>
  try {
    policy = room.ports.policy.current()
  } catch {
    return refuse('no-policy', 454, 'the gateway is starting, try again later')
  }
  const credentials = { user, password: auth.password ?? '', clientAddress: session.remoteAddress }
  void room.authenticator.check(policy, credentials).then((outcome) => {
    switch (outcome) {
      case 'accepted':
        return done(null, { user })
      case 'refused':
        return refuse(outcome, 535, 'authentication failed: check user and password')
      case 'must-wait':
        return refuse(outcome, 454, 'too many failed logins from your address, try again later')
      case 'busy':
        return refuse(outcome, 454, 'too many logins at once, try again later')
      case 'unusable':
        return refuse(outcome, 454, 'authentication is not possible now, try again later')
    }
  })
}
