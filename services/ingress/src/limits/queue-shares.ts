/**
 * How many messages wait for delivery, and how many of them are of which application. The first is measured now and then, over all
 * processes; between two measures what was accepted here is added. The second is what was accepted here, less what must have left:
 * the bus does not say whose messages it delivers, so all are taken to leave at the same rate.
 */

/** An application with less has none. */
const least = 0.5

export class QueueShares {
  readonly #byApplication = new Map<string, number>()
  #sum = 0
  #acceptedInAll = 0
  #measured: { readonly queued: number; readonly acceptedBefore: number } | undefined

  /** Undefined while nothing is known. */
  get queued(): number | undefined {
    if (this.#measured === undefined) return undefined
    return this.#measured.queued + this.#acceptedInAll - this.#measured.acceptedBefore
  }

  of(application: string): number {
    return this.#byApplication.get(application) ?? 0
  }

  accepted(application: string): void {
    this.#acceptedInAll++
    this.#sum++
    this.#byApplication.set(application, this.of(application) + 1)
  }

  /** A measure begins now; call what this returns with what it found. */
  measure(): (queued: number) => void {
    const acceptedBefore = this.#acceptedInAll
    return (queued) => {
      this.#measured = { queued, acceptedBefore }
      const now = queued + this.#acceptedInAll - acceptedBefore
      if (this.#sum > now) this.#scale(now / this.#sum)
    }
  }

  #scale(by: number): void {
    this.#sum = 0
    for (const [application, share] of this.#byApplication) {
      const left = share * by
      if (left < least) this.#byApplication.delete(application)
      else {
        this.#byApplication.set(application, left)
        this.#sum += left
      }
    }
  }
}
