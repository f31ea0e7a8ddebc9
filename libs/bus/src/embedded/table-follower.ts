/** Follows a table: the rows that stand, then each change as it is committed. */
import type { BusRecord, Table, TableOptions } from '../port.ts'
import type { BusStore } from './bus-store.ts'
import { decodeRow } from './log-row.ts'

/** Rows read and handed over before other work of the process gets its turn; no read transaction outlives the turn. */
const rowsPerTurn = 200

export class TableFollower implements Table {
  readonly loaded: Promise<void>
  readonly #options: TableOptions
  readonly #onStop: () => void
  /** Changes that were committed while the rows were being read. */
  #waiting: BusRecord[] | undefined = []
  #isStopped = false

  constructor(options: TableOptions, store: BusStore, partitions: number, onStop: () => void) {
    this.#options = options
    this.#onStop = onStop
    this.loaded = this.#load(store, partitions)
    this.loaded.catch(() => {})
  }

  committed(record: BusRecord): void {
    if (this.#waiting) this.#waiting.push(record)
    else this.#hand(record)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#onStop()
  }

  async #load(store: BusStore, partitions: number): Promise<void> {
    await undefined
    const { topic } = this.#options
    /** Offsets of the rows that were handed over: a change may be both among the rows and among those that wait. */
    const handed = new Map<string, number>()
    const { from, to } = tableBounds(store, topic)
    for (let next: Uint8Array | undefined = from; next; ) {
      const rows: { key: Uint8Array; value: Uint8Array }[] = [...store.rows.range({ from: next, to, limit: rowsPerTurn })]
      for (const { key, value } of rows) {
        if (this.#isStopped) return
        const record = decodeTableRow(topic, value)
        if (!record) throw new Error(`the row ${Buffer.from(key).toString('hex')} of the table ${topic} is damaged`)
        if (record.partition >= partitions) continue
        handed.set(record.key, record.offset)
        this.#hand(record)
      }
      const last = rows.at(rowsPerTurn - 1)
      next = last && Buffer.concat([last.key, Buffer.alloc(1)])
      if (next) await new Promise((resolve) => setImmediate(resolve))
    }
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const record of waiting) if (record.offset > (handed.get(record.key) ?? -1)) this.#hand(record)
  }

  #hand(record: BusRecord): void {
    if (!this.#isStopped) this.#options.onRow(record.key, record.value, record)
  }
}

/** A row of a table: its key. */
export function rowKey(store: BusStore, topic: string, key: string): Buffer {
  const text = Buffer.from(key)
  const bytes = Buffer.allocUnsafe(2 + text.length)
  bytes.writeUInt16BE(store.topicId(topic), 0)
  text.copy(bytes, 2)
  return bytes
}

/** A row of a table: partition u16, offset f64, then as in the log. */
export function rowValue(partition: number, offset: number, row: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(10 + row.byteLength)
  bytes.writeUInt16BE(partition, 0)
  bytes.writeDoubleBE(offset, 2)
  bytes.set(row, 10)
  return bytes
}

function decodeTableRow(topic: string, value: Uint8Array): BusRecord | undefined {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (bytes.length < 10) return undefined
  return decodeRow(topic, bytes.readUInt16BE(0), bytes.readDoubleBE(2), bytes.subarray(10))
}

function tableBounds(store: BusStore, topic: string): { from: Buffer; to: Buffer } {
  const id = store.topicId(topic)
  const from = Buffer.allocUnsafe(2)
  from.writeUInt16BE(id)
  const to = Buffer.allocUnsafe(2)
  to.writeUInt16BE(id + 1)
  return { from, to }
}
