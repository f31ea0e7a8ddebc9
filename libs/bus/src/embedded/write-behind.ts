/**
 * Records that are lost without harm in a crash (published plainly, to a topic that is deleted when read): consumers get
 * them at once from memory, and they are written a moment later, unless every group that reads them has settled them by
 * then (decision 0007).
 */
import type { Environment, KeyValueTable } from '@sallyport/lmdb'
import type { BusRecord, Position } from '../port.ts'
import type { PartitionLog } from './partition-log.ts'

interface Pending {
  readonly log: PartitionLog
  readonly record: BusRecord
  readonly resolve: (position: Position) => void
  readonly reject: (error: unknown) => void
}

export interface WriteBehindOptions {
  readonly environment: Environment
  readonly table: KeyValueTable
  /** True where every group that reads the partition has settled the offset. */
  readonly isSettled: (log: PartitionLog, offset: number) => boolean
  readonly encode: (record: BusRecord) => Uint8Array
}

/** How long a record may wait until it is written: longer than a check takes, shorter than a person notices at a stop. */
const waitMs = 10

export class WriteBehind {
  readonly #options: WriteBehindOptions
  #pending: Pending[] = []
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(options: WriteBehindOptions) {
    this.#options = options
  }

  /** Gives the record its offset and hands it to the followers now. Resolves when it is committed, or settled by all. */
  publish(log: PartitionLog, record: Omit<BusRecord, 'offset'>): Promise<Position> {
    const placed: BusRecord = { ...record, offset: log.next++ }
    return new Promise((resolve, reject) => {
      this.#pending.push({ log, record: placed, resolve, reject })
      log.firstUnwritten = Math.min(log.firstUnwritten, placed.offset)
      log.visible(placed)
      this.#timer ??= setTimeout(() => void this.flush(), waitMs)
    })
  }

  /** Writes what is pending and still needed. Never rejects: publishers are told. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async #write(): Promise<void> {
    const pending = this.#pending
    this.#pending = []
    const needed = this.#unsettled(pending)
    try {
      if (needed.length > 0) {
        await this.#options.environment.write((transaction) => {
          for (const { log, record } of needed)
            transaction.put(this.#options.table, log.key(record.offset), this.#options.encode(record))
        })
      }
      for (const { record, resolve } of needed) resolve({ partition: record.partition, offset: record.offset })
    } catch (error) {
      for (const { reject } of this.#unsettled(needed)) reject(error)
    }
    const logs = new Set(pending.map((each) => each.log))
    for (const log of logs) log.firstUnwritten = Number.POSITIVE_INFINITY
    for (const { log, record } of this.#pending) log.firstUnwritten = Math.min(log.firstUnwritten, record.offset)
    for (const log of logs) log.forget()
  }

  /** Resolves those that every reader has settled by now, and returns the others. */
  #unsettled(pending: readonly Pending[]): Pending[] {
    return pending.filter(({ log, record, resolve }) => {
      const isSettled = this.#options.isSettled(log, record.offset)
      if (isSettled) resolve({ partition: record.partition, offset: record.offset })
      return !isSettled
    })
  }
}
