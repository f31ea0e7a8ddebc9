/**
 * Who is at which recipient now, in this thread's memory.
 *
 * A claim need not survive a crash, since whoever held it did not either; and it need not leave the thread, since a
 * message's jobs for a destination share a partition, which one member of the group owns at a time. Claims then only tell
 * apart repeats within that member. Where members overlap (a revocation that ended before its jobs) a message may go
 * twice, as in every loss of a claim.
 */ import { RenewedMap } from '@sallyport/contracts'

interface Claim {
  readonly owner: string
  readonly until: number
}

const sweepFrom = 1_024

export class Claims {
  readonly #elapsed: () => number
  readonly #messages = new RenewedMap<string, Map<number, Claim>>()
  #sweepAt = sweepFrom

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  /** 0 when claimed, else for how long another holds one of them at most. All or none. */
  take(messageId: string, recipients: readonly number[], owner: string, leaseMs: number): number {
    const now = this.#elapsed()
    const heldForMs = this.#heldForMs(messageId, recipients, owner, now)
    if (heldForMs === 0) this.#set(messageId, recipients, { owner, until: now + leaseMs })
    return heldForMs
  }

  /** False, and nothing changes, when one of them is not held by this owner any more. */
  renew(messageId: string, recipients: readonly number[], owner: string, leaseMs: number): boolean {
    const now = this.#elapsed()
    const message = this.#messages.get(messageId)
    const stands = (recipient: number): boolean => {
      const claim = message?.get(recipient)
      return claim !== undefined && claim.owner === owner && claim.until > now
    }
    if (!recipients.every(stands)) return false
    this.#set(messageId, recipients, { owner, until: now + leaseMs })
    return true
  }

  letGo(messageId: string, recipients: readonly number[], owner: string): void {
    for (const recipient of recipients) this.letGoOne(messageId, recipient, owner)
  }

  letGoOne(messageId: string, recipient: number, owner: string): void {
    const message = this.#messages.get(messageId)
    if (message?.get(recipient)?.owner !== owner) return
    message.delete(recipient)
    if (message.size === 0) this.#messages.delete(messageId)
  }

  #heldForMs(messageId: string, recipients: readonly number[], owner: string, now: number): number {
    const message = this.#messages.get(messageId)
    if (!message) return 0
    let heldForMs = 0
    for (const recipient of recipients) {
      const claim = message.get(recipient)
      if (claim && claim.owner !== owner) heldForMs = Math.max(heldForMs, claim.until - now)
    }
    return heldForMs
  }

  #set(messageId: string, recipients: readonly number[], claim: Claim): void {
    let message = this.#messages.get(messageId)
    if (!message) {
      message = new Map()
      this.#messages.set(messageId, message)
      if (this.#messages.size >= this.#sweepAt) this.#sweep()
    }
    for (const recipient of recipients) message.set(recipient, claim)
  }

  /** Claims whose owners never came back; costs little, since it runs when their number has doubled. */
  #sweep(): void {
    const now = this.#elapsed()
    for (const [messageId, message] of this.#messages) {
      for (const [recipient, claim] of message) if (claim.until <= now) message.delete(recipient)
      if (message.size === 0) this.#messages.delete(messageId)
    }
    this.#sweepAt = Math.max(sweepFrom, this.#messages.size * 2)
  }
}
