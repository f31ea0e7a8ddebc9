/** One partition: its next offset, the records of the last moment in memory, and reading on from any offset. */
import type { TopicSpec } from '@sallyport/contracts'
import type { WriteTransaction } from '@sallyport/lmdb'
import type { LaneEntry } from '../consuming/lane.ts'
import type { BusRecord } from '../port.ts'
import { type BusStore, deletedBelow, offsetsPerEpoch } from './bus-store.ts'
import { decodeRow, logKey, offsetOf } from './log-row.ts'

export interface Follower {
  /** The offset that this follower reads next: nothing from here on is dropped from memory before it must be. */
  readonly position: number
  readonly group: string
  isSettled(offset: number): boolean
  /** Records were committed at or after `position`. */
  wake(): void
}

const tailRecords = 1_024
const tailBytes = 8 * 2 ** 20
const readRecords = 256
const readBytes = 2 * 2 ** 20

export class PartitionLog {
  readonly topic: TopicSpec
  readonly partition: number
  readonly topicId: number
  readonly followers = new Set<Follower>()
  /** The offset that the next record gets. */
  next: number
  /** Records below were deleted. */
  floor: number
  /** From here on no offset has a row, nor is one being written: most records are settled before they need one. */
  rowsEnd: number
  /** Records on their way into the log that are not visible yet: nothing may overtake them. */
  committing = 0
  /** From here on there are records that are visible and not written yet: they stay in memory whoever has read them. */
  firstUnwritten = Number.POSITIVE_INFINITY
  /** Told of each record that one of the followers settled. */
  onSettled: ((offset: number) => void) | undefined
  readonly #store: BusStore
  /** Visible records in order of offset, complete from `#tailStart` on. */
  readonly #tail: (BusRecord | undefined)[] = []
  #tailHead = 0
  #tailStart: number
  #tailHeldBytes = 0

  constructor(store: BusStore, topic: TopicSpec, partition: number, groups: Iterable<string>) {
    this.#store = store
    this.topic = topic
    this.partition = partition
    this.topicId = store.topicId(topic.name)
    this.floor = store.mark(deletedBelow, topic.name, partition) ?? 0
    const [last] = store.log.keys({ from: this.key(0), to: this.key(Number.MAX_SAFE_INTEGER), reverse: true, limit: 1 })
    this.rowsEnd = last ? offsetOf(last) + 1 : 0
    const marks = Array.from(groups, (group) => store.mark(group, topic.name, partition) ?? 0)
    this.next = Math.max(store.environment.epoch * offsetsPerEpoch, this.rowsEnd, this.floor, ...marks)
    this.#tailStart = this.next
  }

  key(offset: number): Buffer {
    return logKey(this.topicId, this.partition, offset)
  }

  /** Within a write: the row of this offset. */
  put(transaction: WriteTransaction, offset: number, row: Uint8Array): void {
    this.rowsEnd = Math.max(this.rowsEnd, offset + 1)
    transaction.put(this.#store.log, this.key(offset), row)
  }

  /** A record may be consumed from now on: it is kept for followers near the end, and they are woken. */
  visible(record: BusRecord): void {
    if (this.followers.size > 0 || record.offset >= this.firstUnwritten) {
      this.#tail.push(record)
      this.#tailHeldBytes += bytesOf(record)
      this.#dropOverflow()
    } else {
      this.#clearTail(record.offset + 1)
    }
    for (const follower of this.followers) follower.wake()
  }

  #dropOverflow(): void {
    while (
      (this.#tail.length - this.#tailHead > tailRecords || this.#tailHeldBytes > tailBytes) &&
      (this.#tail[this.#tailHead]?.offset ?? 0) < this.firstUnwritten
    )
      this.#dropFirst()
  }

  /** The entries from `offset` on, at most about 256 and 2 MiB; empty where there is none. */
  read(offset: number): LaneEntry[] {
    return offset >= this.#tailStart ? this.#readTail(offset) : this.#readLog(offset)
  }

  /** The visible records from `offset` on that are not written yet, and what was written between them. */
  unwritten(offset: number): readonly BusRecord[] {
    if (this.firstUnwritten >= this.next) return []
    return this.#tail.slice(this.#tailIndex(Math.max(offset, this.firstUnwritten))).filter((record) => record !== undefined)
  }

  /** Drops what every follower has read, and what is too much; nothing that is not written yet. */
  forget(): void {
    let needed = Math.min(this.next, this.firstUnwritten)
    for (const follower of this.followers) needed = Math.min(needed, follower.position)
    while (this.#tailHead < this.#tail.length && (this.#tail[this.#tailHead]?.offset ?? 0) < needed) this.#dropFirst()
    this.#dropOverflow()
  }

  #readTail(offset: number): LaneEntry[] {
    const found: LaneEntry[] = []
    for (let index = this.#tailIndex(offset); index < this.#tail.length && found.length < readRecords; index++) {
      const record = this.#tail[index]
      if (record) found.push({ record })
    }
    return found
  }

  /** Where the first record at or after `offset` is. */
  #tailIndex(offset: number): number {
    let low = this.#tailHead
    let high = this.#tail.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#tail[middle]?.offset ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  #readLog(offset: number): LaneEntry[] {
    const found: LaneEntry[] = []
    let bytes = 0
    for (const { key, value } of this.#store.log.range({
      from: this.key(offset),
      to: this.key(this.#tailStart),
      limit: readRecords,
    })) {
      const at = offsetOf(key)
      const record = decodeRow(this.topic.name, this.partition, at, value)
      found.push(record ? { record } : { damaged: value, offset: at })
      bytes += value.byteLength
      if (bytes > readBytes) break
    }
    return found.length > 0 ? found : this.#readTail(this.#tailStart)
  }

  #dropFirst(): void {
    const record = this.#tail[this.#tailHead]
    if (!record) return
    this.#tailStart = record.offset + 1
    this.#tailHeldBytes -= bytesOf(record)
    this.#tail[this.#tailHead++] = undefined
    if (this.#tailHead < 256 || this.#tailHead * 2 < this.#tail.length) return
    this.#tail.splice(0, this.#tailHead)
    this.#tailHead = 0
  }

  #clearTail(start: number): void {
    this.#tail.length = 0
    this.#tailHead = 0
    this.#tailHeldBytes = 0
    this.#tailStart = start
  }
}

const bytesOf = ({ value, content }: BusRecord): number => (value?.byteLength ?? 0) + (content?.byteLength ?? 0)
