/** The embedded store's environment in memory: sorted tables, and write transactions in call order. */
import type { Environment, KeyValueTable, WriteTransaction } from '@sallyport/lmdb'

export interface MemoryEnvironment extends Environment {
  readonly faults: { write?: ((options: { readonly durable?: boolean }) => Error | undefined) | undefined }
  /** How many calls of `write` there were, and how many of them durable. */
  readonly writes: { readonly all: number; readonly durable: number }
}

interface MemoryTable extends KeyValueTable {
  put(key: Uint8Array, value: Uint8Array): void
  delete(key: Uint8Array): void
}

export function memoryEnvironment(options: { readonly epoch?: number } = {}): MemoryEnvironment {
  const tables = new Map<string, MemoryTable>()
  const faults: MemoryEnvironment['faults'] = {}
  const writes = { all: 0, durable: 0 }
  const own = (table: KeyValueTable): MemoryTable => {
    const found = [...tables.values()].find((candidate) => candidate === table)
    if (!found) throw new TypeError('this table is not of this environment')
    return found
  }
  const transaction: WriteTransaction = {
    get: (table, key) => table.get(key),
    put: (table, key, value) => own(table).put(key, Uint8Array.from(value)),
    delete: (table, key) => own(table).delete(key),
  }
  return {
    epoch: options.epoch ?? 1,
    faults,
    writes,
    table(name) {
      let table = tables.get(name)
      if (!table) {
        table = memoryTable()
        tables.set(name, table)
      }
      return table
    },
    async write(change, writeOptions = {}) {
      writes.all++
      if (writeOptions.durable) writes.durable++
      const fault = faults.write?.(writeOptions)
      if (fault) throw fault
      await undefined
      const result = change(transaction)
      writeOptions.onEnd?.()
      writeOptions.onCommit?.()
      return result
    },
    statistics: () => ({ fileBytes: 0, usedBytes: 0, freeDiskBytes: Number.MAX_SAFE_INTEGER, oldestReaderTransactions: 0 }),
    close: async () => {},
  }
}

function memoryTable(): MemoryTable {
  const rows: { readonly key: Uint8Array; value: Uint8Array }[] = []
  const at = (key: Uint8Array): number => {
    let [low, high] = [0, rows.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const row = rows[middle]
      if (row && Buffer.compare(row.key, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
  const found = (key: Uint8Array) => {
    const row = rows[at(key)]
    return row && Buffer.compare(row.key, key) === 0 ? row : undefined
  }
  return {
    get: (key) => found(key)?.value,
    range({ from, to, limit, reverse }) {
      const slice = rows.slice(from ? at(from) : 0, to ? at(to) : rows.length)
      if (reverse) slice.reverse()
      return slice.slice(0, limit ?? slice.length).map(({ key, value }) => ({ key, value }))
    },
    keys(options) {
      return Array.from(this.range(options), ({ key }) => key)
    },
    put(key, value) {
      const row = found(key)
      if (row) row.value = value
      else rows.splice(at(key), 0, { key: Uint8Array.from(key), value })
    },
    delete(key) {
      if (found(key)) rows.splice(at(key), 1)
    },
  }
}
