/** How many accepted messages of an application wait for their turn, as far as this process accepted them. */

export class LaterTurns {
  /** Times at which they may go, by application, about in their order. */
  readonly #turns = new Map<string, number[]>()

  /** Notes one more, unless `max` wait already: then false. Times in ms since the epoch. */
  add(application: string, notBefore: number, now: number, max: number): boolean {
    let turns = this.#turns.get(application)
    if (turns === undefined) {
      turns = []
      this.#turns.set(application, turns)
    }
    const first = turns.findIndex((turn) => turn > now)
    turns.splice(0, first === -1 ? turns.length : first)
    if (turns.length >= max) return false
    turns.push(notBefore)
    return true
  }
}
