/** The tables in which the embedded bus keeps its log, the rows of its tables, watermarks and the ids of topics. */
import type { Environment, KeyValueTable, WriteTransaction } from '@sallyport/lmdb'

/** Offsets of an epoch begin at epoch × 2^36 (decision 0001). */
export const offsetsPerEpoch = 2 ** 36

export class BusStore {
  readonly environment: Environment
  readonly log: KeyValueTable
  readonly rows: KeyValueTable
  readonly #marks: KeyValueTable
  readonly #catalogue: KeyValueTable
  readonly #topicIds = new Map<string, number>()

  constructor(environment: Environment) {
    this.environment = environment
    this.log = environment.table('log', { isReadInWrites: false })
    this.rows = environment.table('rows', { isReadInWrites: false })
    this.#marks = environment.table('marks', { isReadInWrites: false })
    this.#catalogue = environment.table('catalogue')
  }

  /** Gives every topic an id that it keeps, and fixes the number of partitions at the first start. Resolves with that number. */
  async register(topics: readonly string[], partitions: number): Promise<number> {
    return this.environment.write(
      (transaction) => {
        const read = (name: string): number | undefined => readNumber(transaction.get(this.#catalogue, Buffer.from(name)))
        // Only what is new is written: a start must do on a full disk.
        const write = (name: string, value: number): void => {
          if (read(name) !== value) transaction.put(this.#catalogue, Buffer.from(name), number(value))
        }
        const fixed = read('partitions') ?? partitions
        write('partitions', fixed)
        let next = read('next') ?? 1
        for (const topic of topics) {
          const id = read(`topic/${topic}`) ?? next++
          write(`topic/${topic}`, id)
          this.#topicIds.set(topic, id)
        }
        write('next', next)
        return fixed
      },
      { durable: true },
    )
  }

  topicId(topic: string): number {
    const id = this.#topicIds.get(topic)
    if (id === undefined) throw new TypeError(`topic ${topic} is not registered`)
    return id
  }

  /** The next offset that the group has not settled, or undefined where it never consumed the partition. */
  mark(group: string, topic: string, partition: number): number | undefined {
    return readNumber(this.#marks.get(markKey(group, topic, partition)))
  }

  putMark(transaction: WriteTransaction, group: string, topic: string, partition: number, offset: number): void {
    transaction.put(this.#marks, markKey(group, topic, partition), number(offset))
  }

  /** Every group that ever consumed the topic. */
  groupsOf(topic: string): Set<string> {
    const groups = new Set<string>()
    for (const key of this.#marks.keys({})) {
      const [group = '', ofTopic] = Buffer.from(key).toString().split('\0')
      if (ofTopic === topic && group !== deletedBelow) groups.add(group)
    }
    return groups
  }
}

/** Under this name the marks keep below which offset a partition was deleted, so that offsets are not used again. */
export const deletedBelow = ''

const markKey = (group: string, topic: string, partition: number): Buffer => Buffer.from(`${group}\0${topic}\0${partition}`)

function number(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeDoubleBE(value)
  return bytes
}

function readNumber(bytes: Uint8Array | undefined): number | undefined {
  return bytes === undefined ? undefined : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(0)
}
