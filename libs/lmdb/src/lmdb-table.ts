/** A table of the environment: one LMDB database of binary keys and values. */
import type { Database } from 'lmdb'
import type { KeyValueTable, RangeOptions } from './port.ts'

export class LmdbTable implements KeyValueTable {
  readonly database: Database<Buffer, Buffer>
  /** False for tables that nobody reads inside a write: their writes need not be remembered until the commit. */
  readonly isReadInWrites: boolean

  constructor(database: Database<Buffer, Buffer>, isReadInWrites: boolean) {
    this.database = database
    this.isReadInWrites = isReadInWrites
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.database.get(buffer(key))
  }

  range(options: RangeOptions): Iterable<{ key: Uint8Array; value: Uint8Array }> {
    return this.database.getRange(bounds(options))
  }

  keys(options: RangeOptions): Iterable<Uint8Array> {
    return this.database.getKeys(bounds(options))
  }
}

/** The engine takes `start` inclusive and `end` exclusive in the direction of the walk. */
function bounds({ from, to, limit, reverse = false }: RangeOptions) {
  const start = reverse ? to : from
  const end = reverse ? from : to
  return {
    reverse,
    ...(start ? { start: buffer(start), ...(reverse ? { exclusiveStart: true } : {}) } : {}),
    ...(end ? { end: buffer(end), ...(reverse ? { inclusiveEnd: true } : {}) } : {}),
    ...(limit === undefined ? {} : { limit }),
  }
}

const buffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
