/** A partition in the hands of a member: what was fetched and not taken yet, and from where the next fetch must go on. */
import { Lane, type LaneEntry } from '../consuming/lane.ts'
import type { TopicPartition } from '../port.ts'
import type { FetchedRecord } from './client-port.ts'

/** Records held before fetching of the partition pauses; it goes on at half of it. */
const heldRecords = 256
const heldBytes = 1024 * 1024

export class KafkaLane extends Lane {
  /** The offset that is to be fetched next. */
  next: number
  /** Fetching is paused, because enough is held. */
  isFull = false
  readonly #onRoom: () => void
  #held: (FetchedRecord | undefined)[] = []
  #head = 0
  #bytes = 0

  /** `onRoom` is called when a lane that was full may be fetched again. */
  constructor(at: TopicPartition, mark: number, onRoom: () => void) {
    super(at, mark)
    this.next = mark
    this.#onRoom = onRoom
  }

  /**
   * What a fetch brought. `gap` where it began behind what is to come next: nothing of it is taken then. What came before, as
   * after joining anew, is passed over.
   */
  accept(from: number, records: readonly FetchedRecord[], next: number): 'taken' | 'gap' {
    if (from > this.next) return 'gap'
    for (const record of records) {
      if (record.offset < this.next) continue
      this.#held.push(record)
      this.#bytes += bytesOf(record)
    }
    this.next = Math.max(this.next, next)
    if (this.#isMoreThan(1)) this.isFull = true
    return 'taken'
  }

  take(): LaneEntry | undefined {
    const record = this.#held[this.#head]
    if (!record) return undefined
    this.#held[this.#head++] = undefined
    this.#bytes -= bytesOf(record)
    if (this.#head === this.#held.length) {
      this.#held = []
      this.#head = 0
    }
    if (this.isFull && !this.#isMoreThan(0.5)) {
      this.isFull = false
      this.#onRoom()
    }
    const { offset, key, value, headers, timestampMs } = record
    return { record: { topic: this.topic, partition: this.partition, offset, key, value, headers, publishedAt: timestampMs } }
  }

  #isMoreThan(part: number): boolean {
    return this.#held.length - this.#head >= heldRecords * part || this.#bytes >= heldBytes * part
  }
}

const bytesOf = ({ value }: FetchedRecord): number => value?.byteLength ?? 0
