/** A partition in the hands of one member: where it reads, what it has delivered, and how far everything is settled. */
import type { Follower, LogEntry, PartitionLog } from './partition-log.ts'
import { Unsettled } from './unsettled.ts'

export class Lane implements Follower {
  readonly group: string
  readonly log: PartitionLog
  readonly unsettled: Unsettled
  /** The watermark that is on disk. */
  committedMark: number
  position: number
  isPaused = false
  /** On its way to another member: nothing more is taken, whatever is resumed. */
  isLeaving = false
  /** With another member now: what is still settled or due here counts no more. */
  isGone = false
  readonly #wakeMember: () => void
  /** Delivered records that are left to whoever has the partition next: their handler failed while it was leaving. */
  readonly #givenUp = new Set<number>()
  readonly #givenUpKeys = new Set<string>()
  #read: (LogEntry | undefined)[] = []
  #readAt = 0

  constructor(group: string, log: PartitionLog, mark: number, wakeMember: () => void) {
    this.group = group
    this.log = log
    this.position = mark
    this.committedMark = mark
    this.unsettled = new Unsettled(mark)
    this.#wakeMember = wakeMember
    log.followers.add(this)
  }

  isSettled(offset: number): boolean {
    return this.unsettled.isSettled(offset)
  }

  wake(): void {
    this.#wakeMember()
  }

  /** The next entry, or undefined at the end of the log. */
  take(): LogEntry | undefined {
    if (this.#readAt >= this.#read.length) {
      if (this.position >= this.log.next) return undefined
      this.#read = this.log.read(this.position)
      this.#readAt = 0
    }
    const entry = this.#read[this.#readAt]
    if (!entry) return undefined
    this.#read[this.#readAt] = undefined
    if (++this.#readAt >= this.#read.length) this.#read = []
    this.position = ('record' in entry ? entry.record.offset : entry.offset) + 1
    return entry
  }

  /** Delivered, not settled, and still expected to be. */
  get inFlight(): number {
    return this.unsettled.count - this.#givenUp.size
  }

  /** The record comes again later, and so does what follows it under its key: nothing of the key may run here before. */
  giveUp(offset: number, key: string | undefined): void {
    this.#givenUp.add(offset)
    if (key !== undefined) this.#givenUpKeys.add(key)
  }

  isGivenUp(key: string): boolean {
    return this.#givenUpKeys.has(key)
  }

  /** A record that was given up was settled after all. */
  settled(offset: number): void {
    this.#givenUp.delete(offset)
  }

  leave(): void {
    this.isGone = true
    this.log.followers.delete(this)
    this.log.forget()
  }
}
