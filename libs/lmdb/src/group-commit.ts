/** Group commit: the writes of a moment share one transaction; the next one gathers while it commits. */
import { SallyportError } from '@sallyport/contracts'
import type { Database, RootDatabase } from 'lmdb'
import { LmdbTable } from './lmdb-table.ts'
import type { KeyValueTable, WriteOptions, WriteTransaction } from './port.ts'

interface Waiting {
  readonly change: (transaction: WriteTransaction) => unknown
  readonly options: WriteOptions
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  result: unknown
  failed: boolean
}

/** At most this many calls share a commit, so that a burst does not delay its own first. */
const maxShared = 2_000
/** How long plain writes wait for others, ms. */
const lazyMs = 4
/** So many calls in one commit tell of load: then the next commit gathers this long, ms. */
const manyCalls = 8
const spacingMs = 1

export class GroupCommit {
  readonly #root: RootDatabase<Buffer, Buffer>
  readonly #describe: (error: unknown) => Error
  #waiting: Waiting[] = []
  /** How many of the waiting are durable. */
  #urgent = 0
  #isRunning = false
  #isDue = false
  #wasShared = false
  #lazy: NodeJS.Timeout | undefined
  #isClosed = false
  #idle: (() => void)[] = []

  /** `describe` makes the error that callers get of a failed commit. */
  constructor(root: RootDatabase<Buffer, Buffer>, describe: (error: unknown) => Error) {
    this.#root = root
    this.#describe = describe
  }

  write<T>(change: (transaction: WriteTransaction) => T, options: WriteOptions): Promise<T> {
    if (this.#isClosed) return Promise.reject(new SallyportError('BUS_CLOSED', 'the store is closed: the gateway is stopping'))
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        change,
        options,
        resolve: resolve as (result: unknown) => void,
        reject,
        result: undefined,
        failed: false,
      })
      if (options.durable) this.#urgent++
      this.#schedule()
    })
  }

  /** Takes no more writes; resolves when those taken are committed and flushed. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#schedule()
    if (this.#isRunning || this.#waiting.length > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
    await this.#root.flushed
  }

  /**
   * Every commit costs a thread its sleep, so few large ones are cheaper than many small ones. A durable write is waited for
   * and goes at once, or a moment later where the last commit was shared by many; a plain one waits for company.
   */
  #schedule(): void {
    if (this.#isRunning || this.#waiting.length === 0) return
    if (this.#urgent === 0 && !this.#isClosed) {
      this.#lazy ??= setTimeout(() => void this.#run(), lazyMs)
      return
    }
    if (this.#isDue) return
    this.#isDue = true
    if (this.#wasShared && !this.#isClosed) setTimeout(() => void this.#run(), spacingMs)
    else setImmediate(() => void this.#run())
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return
    clearTimeout(this.#lazy)
    this.#lazy = undefined
    this.#isDue = false
    this.#isRunning = true
    const shared = this.#waiting.splice(0, maxShared)
    for (const { options } of shared) if (options.durable) this.#urgent--
    this.#wasShared = shared.length >= manyCalls
    if (shared.length > 0) await this.#commit(shared)
    this.#isRunning = false
    if (this.#waiting.length > 0) this.#schedule()
    else for (const resolve of this.#idle.splice(0)) resolve()
  }

  async #commit(shared: readonly Waiting[]): Promise<void> {
    const transaction = new SharedTransaction()
    let flushed: Promise<unknown> | undefined
    try {
      const committed = this.#root.batch(() => {
        for (const call of shared) run(call, transaction)
      })
      // The flush of this commit, asked for now: later it would be that of a later one.
      flushed = new Promise((resolve, reject) => this.#root.flushed.then(resolve, reject))
      flushed.catch(() => {})
      await committed
    } catch (error) {
      swallow(error)
      const described = this.#describe(error)
      for (const call of shared) {
        call.options.onEnd?.()
        call.reject(described)
      }
      return
    }
    this.#root.resetReadTxn()
    for (const call of shared) {
      call.options.onEnd?.()
      if (!call.failed) call.options.onCommit?.()
    }
    for (const call of shared) {
      if (call.failed) continue
      if (call.options.durable) {
        flushed.then(
          () => call.resolve(call.result),
          (error: unknown) => call.reject(this.#describe(error)),
        )
      } else call.resolve(call.result)
    }
  }
}

function run(call: Waiting, transaction: SharedTransaction): void {
  try {
    call.result = call.change(transaction)
  } catch (error) {
    call.failed = true
    call.reject(error)
  }
}

/** The engine says why a commit failed on a second promise that nobody else would handle. */
function swallow(error: unknown): void {
  const why = (error as { commitError?: Promise<unknown> }).commitError
  why?.catch?.(() => {})
}

/** Sees what the calls before it in the same commit wrote. */
class SharedTransaction implements WriteTransaction {
  readonly #written = new Map<Database<Buffer, Buffer>, Map<string, Uint8Array | null>>()

  get(table: KeyValueTable, key: Uint8Array): Uint8Array | undefined {
    const { database } = owned(table)
    const value = this.#written.get(database)?.get(text(key))
    return value === undefined ? table.get(key) : (value ?? undefined)
  }

  put(table: KeyValueTable, key: Uint8Array, value: Uint8Array): void {
    const own = owned(table)
    ignore(own.database.put(asBuffer(key), asBuffer(value)))
    if (own.isReadInWrites) this.#remember(own.database, key, value)
  }

  delete(table: KeyValueTable, key: Uint8Array): void {
    const own = owned(table)
    ignore(own.database.remove(asBuffer(key)))
    if (own.isReadInWrites) this.#remember(own.database, key, null)
  }

  #remember(database: Database<Buffer, Buffer>, key: Uint8Array, value: Uint8Array | null): void {
    const written = this.#written.get(database) ?? new Map<string, Uint8Array | null>()
    this.#written.set(database, written)
    written.set(text(key), value)
  }
}

/** A put in a batch fails with its batch, whose failure is handled. */
function ignore(promise: Promise<unknown>): void {
  promise.catch?.(swallow)
}

function owned(table: KeyValueTable): LmdbTable {
  if (table instanceof LmdbTable) return table
  throw new TypeError('this table is not of this environment')
}

const text = (key: Uint8Array): string => asBuffer(key).toString('latin1')
const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
