/**
 * Keeps what is accepted from running ahead of what is sent on, where both are work of this process: while its thread is busy and more
 * messages are in the hands of delivery than it needs to have work, MAIL is answered when one of them has gone, or a moment later, as
 * Postfix's `in_flow_delay` has it (postconf(5)). What would only wait is then not accepted yet, and need not be written a second time and
 * read back.
 */
import { RenewedSet } from '@sallyport/contracts'
import type { Hand } from '@sallyport/runtime'

export interface InFlowOptions {
  /** Messages that delivery of this process has taken and neither sent nor put down. */
  readonly hand: Hand
  /** Of the busiest sender, 1; of others what they send beside it. */
  readonly share: (application: string) => number
  /** From this utilization of the thread on it is busy, 0 to 1. A next hop that is slow keeps nobody busy, and slows nobody. */
  readonly paceAbove: number
  /** Resolves after so many ms, or when everything is drained. */
  readonly sleep: (ms: number) => Promise<void>
}

/** So many give delivery enough to do. */
const enough = 48
/** No message waits longer, so that also a queue that cannot be sent on is accepted. */
const maxMs = 50
/** What is hardly a wait is none. */
const minMs = 1

export class InFlow {
  readonly #options: InFlowOptions
  /** First come, first served. */
  readonly #waiters = new RenewedSet<() => void>()
  #isBusy = false

  constructor(options: InFlowOptions) {
    this.#options = options
    options.hand.onFewer = () => this.#letOneIn()
  }

  /** For one message more, before it is let in: undefined where it need not wait. */
  turn(application: string): Promise<void> | undefined {
    if (!this.#isBusy || (this.#hasRoom() && this.#waiters.size === 0)) return undefined
    const mostMs = maxMs * this.#options.share(application)
    if (mostMs < minMs) return undefined
    return new Promise((resolve) => {
      const enter = (): void => {
        this.#waiters.delete(enter)
        resolve()
      }
      this.#waiters.add(enter)
      void this.#options.sleep(mostMs).then(enter)
    })
  }

  /** To be called about every 50 ms: the share of the time since the call before in which the thread was busy, 0 to 1. */
  tick(utilization: number): void {
    this.#isBusy = utilization > this.#options.paceAbove
  }

  #hasRoom(): boolean {
    return this.#options.hand.count < enough
  }

  /** One for one: who is let in is not in hand yet, and several would be too many. */
  #letOneIn(): void {
    if (!this.#hasRoom()) return
    this.#waiters.first()?.()
  }
}
