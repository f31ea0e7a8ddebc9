/**
 * Follows tables without any group, so that no group is left behind: from the first record to the end that the table had when it
 * was opened, then on. One request at a time to each leader, for all tables together.
 */
import type { Logger } from 'pino'
import { laneName } from '../consuming/lane.ts'
import type { Position, Table, TableOptions, TopicPartition } from '../port.ts'
import type { Bounds, FetchedPartition, FetchedRecord, GrouplessReader } from './client-port.ts'
import { messageOf } from './kafka-failure.ts'

const fetchWaitMs = 500
const maxBytes = 2 * 1024 * 1024
const longestWaitMs = 2_000
/** Fetches that bring nothing below the end of a partition, before it is believed that compaction left nothing there. */
const vainFetches = 3

interface Cursor extends TopicPartition {
  next: number
  /** Where it is loaded. */
  readonly end: number
  vain: number
}

class FollowedTable implements Table {
  readonly loaded: Promise<void>
  readonly cursors: Cursor[]
  readonly #options: TableOptions
  readonly #onStop: () => void
  readonly #settle = Promise.withResolvers<void>()
  /** While it loads: the last record of each key. */
  #rows: Map<string, { readonly record: FetchedRecord; readonly position: Position }> | undefined = new Map()
  #isStopped = false

  constructor(options: TableOptions, bounds: readonly Bounds[], onStop: () => void) {
    this.#options = options
    this.#onStop = onStop
    this.loaded = this.#settle.promise
    this.cursors = bounds.map(({ partition, low, high }) => ({ topic: options.topic, partition, next: low, end: high, vain: 0 }))
    this.#loadedIfSo()
  }

  take(cursor: Cursor, { records, high }: FetchedPartition): void {
    for (const record of records) {
      if (this.#isStopped || record.offset < cursor.next) continue
      const position = { partition: cursor.partition, offset: record.offset }
      if (this.#rows) this.#rows.set(record.key, { record, position })
      else this.#options.onRow(record.key, record.value, position)
    }
    const last = records.at(-1)
    cursor.vain = last || high <= cursor.next ? 0 : cursor.vain + 1
    if (last) cursor.next = Math.max(cursor.next, last.offset + 1)
    else if (cursor.vain >= vainFetches) cursor.next = high
    this.#loadedIfSo()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#onStop()
  }

  #loadedIfSo(): void {
    const rows = this.#rows
    if (!rows || this.cursors.some(({ next, end }) => next < end)) return
    this.#rows = undefined
    for (const [key, { record, position }] of rows) {
      if (record.value !== null && !this.#isStopped) this.#options.onRow(key, record.value, position)
    }
    this.#settle.resolve()
  }
}

export class TableReader {
  readonly #reader: GrouplessReader
  readonly #log: Logger
  readonly #tables = new Set<FollowedTable>()
  #running: Promise<void> | undefined
  /** Counts changes of what is followed. */
  #change = 0
  #isClosed = false

  constructor(reader: GrouplessReader, log: Logger) {
    this.#reader = reader
    this.#log = log
  }

  follow(options: TableOptions, bounds: readonly Bounds[]): Table {
    const table: FollowedTable = new FollowedTable(options, bounds, () => {
      this.#tables.delete(table)
      this.#change++
    })
    this.#tables.add(table)
    this.#change++
    this.#running ??= this.#run()
    return table
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#change++
    for (const table of this.#tables) await table.stop()
    // A fetch that waits for records ends with its connection.
    await this.#reader.close()
    await this.#running
  }

  async #run(): Promise<void> {
    let waitMs = 50
    while (!this.#isClosed) {
      const change = this.#change
      try {
        const leaders = await this.#reader.leaders([...new Set(this.#cursors().map(({ cursor }) => cursor.topic))])
        await Promise.all(Array.from(leaders, ([leader, led]) => this.#follow(leader, led, () => change === this.#change)))
        waitMs = 50
      } catch (error) {
        if (this.#isClosed) return
        this.#change++
        this.#log.debug({ err: messageOf(error) }, 'tables cannot be followed now')
        await new Promise((resolve) => setTimeout(resolve, waitMs))
        waitMs = Math.min(longestWaitMs, waitMs * 2)
      }
    }
  }

  async #follow(leader: number, led: readonly TopicPartition[], isCurrent: () => boolean): Promise<void> {
    const names = new Set(led.map(laneName))
    while (isCurrent()) {
      const cursors = this.#cursors().filter(({ cursor }) => names.has(laneName(cursor)))
      if (cursors.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 50))
        continue
      }
      // Two followers of one table may stand at different places.
      const from = new Map<string, TopicPartition & { offset: number }>()
      for (const { cursor } of cursors) {
        const lowest = from.get(laneName(cursor))
        if (!lowest || cursor.next < lowest.offset) from.set(laneName(cursor), { ...cursor, offset: cursor.next })
      }
      const fetched = await this.#reader.fetch(leader, [...from.values()], { waitMs: fetchWaitMs, maxBytes })
      for (const answer of fetched) {
        for (const { table, cursor } of cursors) if (laneName(cursor) === laneName(answer)) table.take(cursor, answer)
      }
    }
  }

  #cursors(): { readonly table: FollowedTable; readonly cursor: Cursor }[] {
    return [...this.#tables].flatMap((table) => table.cursors.map((cursor) => ({ table, cursor })))
  }
}
