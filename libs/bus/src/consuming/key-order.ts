/** Records of one key run one after the other, others at once, at most `concurrency` in all. */
import { RenewedMap } from '@sallyport/contracts/basics'

export interface Work {
  readonly key: string
  /** Returns a promise where it is not done yet. Never rejects. */
  run(): Promise<void> | undefined
}

export class KeyOrder {
  readonly #concurrency: number
  readonly #onRoom: () => void
  /** Keys at work, each with what waits for it. */
  readonly #busy = new RenewedMap<string, Work[]>()
  /** Work whose turn has come, but for which there was no room. */
  readonly #ready: Work[] = []
  #running = 0

  /** `onRoom` is called when work ended, so that more can be taken. */
  constructor(concurrency: number, onRoom: () => void) {
    this.#concurrency = concurrency
    this.#onRoom = onRoom
  }

  hasRoom(): boolean {
    return this.#running < this.#concurrency && this.#ready.length === 0
  }

  add(work: Work): void {
    const waiting = this.#busy.get(work.key)
    if (waiting) waiting.push(work)
    else if (this.#running >= this.#concurrency) {
      this.#busy.set(work.key, [])
      this.#ready.push(work)
    } else this.#start(work, undefined)
  }

  /** While a handler waits to be tried again it takes no room; its key stays at work. */
  pauseRunning(): void {
    this.#running--
    this.#next()
  }

  resumeRunning(): void {
    this.#running++
  }

  #start(work: Work, waiting: Work[] | undefined): void {
    this.#running++
    const done = work.run()
    if (!done) {
      this.#running--
      if (waiting) this.#nextOfKey(work.key, waiting)
      return
    }
    if (!waiting) this.#busy.set(work.key, [])
    void done.then(() => {
      this.#running--
      const others = this.#busy.get(work.key)
      if (others) this.#nextOfKey(work.key, others)
      this.#next()
    })
  }

  /** The key's work ended: its next is due, or the key is free. */
  #nextOfKey(key: string, waiting: Work[]): void {
    const next = waiting.shift()
    if (!next) this.#busy.delete(key)
    else this.#ready.push(next)
  }

  #next(): void {
    while (this.#running < this.#concurrency) {
      const work = this.#ready.shift()
      if (!work) break
      this.#start(work, this.#busy.get(work.key))
    }
    this.#onRoom()
  }
}
