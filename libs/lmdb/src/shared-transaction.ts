/** What the calls of one commit write: each sees what those before it wrote. */
import type { Database } from 'lmdb'
import { roomOf } from './disk-room.ts'
import { LmdbTable } from './lmdb-table.ts'
import type { KeyValueTable, WriteTransaction } from './port.ts'

interface Held {
  readonly table: LmdbTable
  readonly key: Uint8Array
  readonly value: Uint8Array | null
}

type Written = Map<Database<Buffer, Buffer>, Map<string, Uint8Array | null>>

export class SharedTransaction implements WriteTransaction {
  readonly #written: Written = new Map()
  /** Writes that were held back and are to be made. */
  readonly #kept: Held[] = []
  /** Those of the call that is being weighed; undefined where writes are made at once. */
  #held: Held[] | undefined

  get(table: KeyValueTable, key: Uint8Array): Uint8Array | undefined {
    const own = owned(table)
    const held = this.#held?.findLast((each) => each.table === own && Buffer.compare(each.key, key) === 0)
    if (held) return held.value ?? undefined
    const value = this.#written.get(own.database)?.get(text(key))
    return value === undefined ? table.get(key) : (value ?? undefined)
  }

  put(table: KeyValueTable, key: Uint8Array, value: Uint8Array): void {
    this.#write({ table: owned(table), key, value })
  }

  delete(table: KeyValueTable, key: Uint8Array): void {
    this.#write({ table: owned(table), key, value: null })
  }

  /** From now on writes are held back, until `keep` or `drop` says what becomes of them. */
  hold(): void {
    this.#held = []
  }

  /** The room that the writes that are held back take on the disk. */
  heldBytes(): number {
    let bytes = 0
    for (const { value } of this.#held ?? []) bytes += roomOf(value)
    return bytes
  }

  keep(): void {
    for (const each of this.#held ?? []) {
      this.#kept.push(each)
      this.#remember(each)
    }
    this.#held = undefined
  }

  drop(): void {
    this.#held = undefined
  }

  /** Makes the writes that were kept. */
  release(): void {
    for (const each of this.#kept) make(each)
  }

  #write(each: Held): void {
    if (this.#held) {
      this.#held.push(each)
      return
    }
    make(each)
    this.#remember(each)
  }

  #remember({ table, key, value }: Held): void {
    if (!table.isReadInWrites) return
    const written = this.#written.get(table.database) ?? new Map<string, Uint8Array | null>()
    this.#written.set(table.database, written)
    written.set(text(key), value)
  }
}

function make({ table, key, value }: Held): void {
  const made = value === null ? table.database.remove(asBuffer(key)) : table.database.put(asBuffer(key), asBuffer(value))
  // It fails with its batch, whose failure is handled.
  made.catch?.(swallow)
}

/** The engine says why a commit failed on a second promise that nobody else would handle. */
export function swallow(error: unknown): void {
  const why = (error as { commitError?: Promise<unknown> }).commitError
  why?.catch?.(() => {})
}

function owned(table: KeyValueTable): LmdbTable {
  if (table instanceof LmdbTable) return table
  throw new TypeError('this table is not of this environment')
}

const text = (key: Uint8Array): string => asBuffer(key).toString('latin1')
const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
