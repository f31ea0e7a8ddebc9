/**
 * Keeps what is accepted from running ahead of what is sent on, where both are work of this process: while its thread is busy and more
 * messages are in the hands of delivery than it needs to have work, MAIL is answered a moment later, as Postfix's `in_flow_delay` has it
 * (postconf(5)). What would only wait is then not accepted yet, and need not be written a second time and read back.
 */

export interface InFlowOptions {
  /** Messages that delivery of this process has taken and neither sent nor put down. */
  readonly inHand: () => number
  /** Of the busiest sender, 1; of others what they send beside it. */
  readonly share: (application: string) => number
  /** From this utilization of the thread on it is busy, 0 to 1. A next hop that is slow keeps nobody busy, and slows nobody. */
  readonly paceAbove: number
}

/** So many give delivery enough to do. */
const enough = 32
/** For each one more. Clients as many as connections then wait as long as it takes to send on what is in hand. */
const msPerMessage = 0.2
/** No message waits longer, so that also a queue that cannot be sent on is accepted. */
const maxMs = 50

export class InFlow {
  readonly #options: InFlowOptions
  #isBusy = false

  constructor(options: InFlowOptions) {
    this.#options = options
  }

  /** For one message more, before it is let in. */
  waitMs(application: string): number {
    if (!this.#isBusy) return 0
    const tooMany = this.#options.inHand() - enough
    return tooMany <= 0 ? 0 : Math.min(maxMs, tooMany * msPerMessage) * this.#options.share(application)
  }

  /** To be called about every 50 ms: the share of the time since the call before in which the thread was busy, 0 to 1. */
  tick(utilization: number): void {
    this.#isBusy = utilization > this.#options.paceAbove
  }
}
