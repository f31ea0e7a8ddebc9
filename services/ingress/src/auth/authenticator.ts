/** SMTP AUTH: who knows the password of a user that the policy names. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { CompiledPolicy } from '@sallyport/policy'
import type { RolePorts } from '@sallyport/runtime'
import type { FailedLogins } from './failed-logins.ts'
import { type PasswordHash, parsePasswordHash, verifyPassword } from './password-hash.ts'

export interface Credentials {
  readonly user: string
  readonly password: string
  readonly clientAddress: string
}

/** `must-wait`: this client failed too often. `busy`: too many passwords are being checked. `unusable`: the secret is no hash, or is not there. */
export type AuthOutcome = 'accepted' | 'refused' | 'must-wait' | 'busy' | 'unusable'

/** Hashing takes tens of MiB and ms of a core each. */
const maxAtOnce = 2
const maxQueued = 64
/** A password that was right is not hashed again for so long. */
const rememberMs = 600_000
const maxRemembered = 10_000
/** Checked in place of a user that is not there, where the policy names none to take as a model. */
const decoy = `$scrypt$ln=15,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`

export class Authenticator {
  readonly #ports: Pick<RolePorts, 'secrets' | 'clock' | 'log'>
  readonly #failed: FailedLogins
  readonly #key = randomBytes(32)
  readonly #remembered = new Map<string, { readonly secret: string; readonly mac: Buffer; readonly untilMs: number }>()
  readonly #queue: (() => void)[] = []
  #running = 0

  constructor(ports: Pick<RolePorts, 'secrets' | 'clock' | 'log'>, failed: FailedLogins) {
    this.#ports = ports
    this.#failed = failed
  }

  /** Never rejects. An unknown user takes as long as a wrong password. */
  async check(policy: CompiledPolicy, credentials: Credentials): Promise<AuthOutcome> {
    const { clientAddress } = credentials
    if (!this.#failed.attempt(clientAddress)) return 'must-wait'
    const outcome = await this.#judge(policy, credentials)
    if (outcome !== 'refused') this.#failed.giveBack(clientAddress)
    return outcome
  }

  async #judge(policy: CompiledPolicy, { user, password }: Credentials): Promise<AuthOutcome> {
    const secretName = policy.authSecret(user)
    const secret = await this.#readSecret(secretName ?? modelSecret(policy))
    if (secretName === undefined) {
      const model = (secret === undefined ? undefined : parsePasswordHash(secret)) ?? parsePasswordHash(decoy)
      const hashed = await this.#isRight(model, password)
      return hashed === 'busy' ? 'busy' : 'refused'
    }
    if (secret === undefined) return 'unusable'
    if (this.#remembers(user, secret, password)) return 'accepted'
    const isRight = await this.#isRight(parsePasswordHash(secret), password)
    if (isRight === 'unusable') {
      this.#ports.log.error({ secret: secretName }, 'the secret of an AUTH user is no scrypt or argon2id hash in the PHC format')
      return 'unusable'
    }
    if (isRight === 'busy') return 'busy'
    if (!isRight) return 'refused'
    this.#remember(user, secret, password)
    return 'accepted'
  }

  async #isRight(hash: PasswordHash | undefined, password: string): Promise<boolean | 'busy' | 'unusable'> {
    if (!hash) return 'unusable'
    if (this.#queue.length >= maxQueued) return 'busy'
    if (this.#running < maxAtOnce) this.#running++
    else await new Promise<void>((resolve) => this.#queue.push(resolve))
    try {
      return await verifyPassword(hash, password)
    } catch (error) {
      this.#ports.log.error({ err: error }, 'a password could not be hashed')
      return 'unusable'
    } finally {
      // The turn goes to the next, or ends.
      const next = this.#queue.shift()
      if (next) next()
      else this.#running--
    }
  }

  async #readSecret(name: string | undefined): Promise<string | undefined> {
    if (name === undefined) return undefined
    try {
      return await this.#ports.secrets.read(name)
    } catch (error) {
      this.#ports.log.error({ err: error, secret: name }, 'the secret of an AUTH user cannot be read')
      return undefined
    }
  }

  #remembers(user: string, secret: string, password: string): boolean {
    const known = this.#remembered.get(user)
    if (known === undefined || known.secret !== secret || known.untilMs < this.#ports.clock.elapsed()) return false
    return timingSafeEqual(known.mac, this.#mac(password))
  }

  #remember(user: string, secret: string, password: string): void {
    if (this.#remembered.size >= maxRemembered) this.#remembered.clear()
    this.#remembered.set(user, { secret, mac: this.#mac(password), untilMs: this.#ports.clock.elapsed() + rememberMs })
  }

  #mac(password: string): Buffer {
    return createHmac('sha256', this.#key).update(password).digest()
  }
}

/** The secret of some user: its hash costs what the hashes of this gateway cost. */
function modelSecret(policy: CompiledPolicy): string | undefined {
  for (const { from } of policy.document.applications) {
    const [first] = from.auth ?? []
    if (first) return first.secret
  }
  return undefined
}
