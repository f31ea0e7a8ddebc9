/** Work that nobody awaits but the stop: it is counted, and its failures are. */

export type BackgroundWork = 'settlement' | 'question' | 'event' | 'store'

export class Background {
  readonly #onFailure: (what: BackgroundWork, error: unknown) => void
  #running = 0
  #onIdle: (() => void)[] = []

  constructor(onFailure: (what: BackgroundWork, error: unknown) => void) {
    this.#onFailure = onFailure
  }

  run(what: BackgroundWork, work: Promise<unknown>): void {
    this.#running++
    work.then(this.#ended, (error) => {
      this.#onFailure(what, error)
      this.#ended()
    })
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve))
  }

  readonly #ended = (): void => {
    if (--this.#running > 0) return
    for (const resolve of this.#onIdle.splice(0)) resolve()
  }
}
