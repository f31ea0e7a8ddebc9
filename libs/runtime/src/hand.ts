/** What a role has taken and not let go yet, counted for another role of the same process, which is told when there is less of it. */
export class Hand {
  #count = 0
  /** Called when one was let go. */
  onFewer: (() => void) | undefined

  get count(): number {
    return this.#count
  }

  take(): void {
    this.#count++
  }

  letGo(): void {
    this.#count--
    this.onFewer?.()
  }
}
