/** A partition of the log in the hands of one member, and where it reads. */
import { Lane, type LaneEntry } from '../consuming/lane.ts'
import type { Follower, PartitionLog } from './partition-log.ts'

export class LogLane extends Lane implements Follower {
  readonly group: string
  readonly log: PartitionLog
  position: number
  readonly #wakeMember: () => void
  #read: (LaneEntry | undefined)[] = []
  #readAt = 0

  constructor(group: string, log: PartitionLog, mark: number, wakeMember: () => void) {
    super({ topic: log.topic.name, partition: log.partition }, mark)
    this.group = group
    this.log = log
    this.position = mark
    this.#wakeMember = wakeMember
    log.followers.add(this)
  }

  isSettled(offset: number): boolean {
    return this.unsettled.isSettled(offset)
  }

  override settled(offset: number): void {
    super.settled(offset)
    this.log.onSettled?.(offset)
  }

  wake(): void {
    this.#wakeMember()
  }

  take(): LaneEntry | undefined {
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

  leave(): void {
    this.isGone = true
    this.log.followers.delete(this)
    this.log.forget()
  }
}
