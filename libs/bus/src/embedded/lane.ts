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
  #read: readonly LogEntry[] = []
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

  get settledBelow(): number {
    return this.unsettled.watermark
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
    if (++this.#readAt >= this.#read.length) this.#read = []
    this.position = ('record' in entry ? entry.record.offset : entry.offset) + 1
    return entry
  }

  leave(): void {
    this.isGone = true
    this.log.followers.delete(this)
    this.log.forget()
  }
}
