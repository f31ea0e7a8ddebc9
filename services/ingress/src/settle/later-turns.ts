/** How many accepted messages of an application wait for their turn, as far as this process accepted them. Times in ms since the epoch. */

export class LaterTurns {
  /** When they may go, by application: in no order, as limits of different recipients and senders let go at different times. */
  readonly #turns = new Map<string, number[]>()

  /** Notes one more, and returns undefined; or, where `max` wait already, when the first of them goes. */
  add(application: string, notBefore: number, now: number, max: number): number | undefined {
    let turns = this.#turns.get(application) ?? []
    // Those that have gone are looked for only where they would count.
    if (turns.length >= max) turns = turns.filter((turn) => turn > now)
    this.#turns.set(application, turns)
    if (turns.length >= max) return turns.reduce((first, turn) => Math.min(first, turn), Number.POSITIVE_INFINITY)
    turns.push(notBefore)
    return undefined
  }

  /** One that was noted is not accepted after all. */
  remove(application: string, notBefore: number): void {
    const turns = this.#turns.get(application) ?? []
    const place = turns.lastIndexOf(notBefore)
    if (place !== -1) turns.splice(place, 1)
  }
}
