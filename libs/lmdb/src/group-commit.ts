/** Group commit: the writes of a moment share one transaction; the next one gathers while it commits. */
import { SallyportError } from '@sallyport/contracts'
import type { RootDatabase } from 'lmdb'
import type { DiskRoom } from './disk-room.ts'
import type { WriteOptions, WriteTransaction } from './port.ts'
import { SharedTransaction, swallow } from './shared-transaction.ts'

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
  readonly #room: DiskRoom
  #waiting: Waiting[] = []
  /** How many of the waiting are durable. */
  #urgent = 0
  #isRunning = false
  #isDue = false
  #wasShared = false
  #lazy: NodeJS.Timeout | undefined
  #isClosed = false
  /** Why a flush failed, if one did. */
  #broken: Error | undefined
  #idle: (() => void)[] = []

  /** `describe` makes the error that callers get of a failed commit. */
  constructor(root: RootDatabase<Buffer, Buffer>, room: DiskRoom, describe: (error: unknown) => Error) {
    this.#root = root
    this.#room = room
    this.#describe = describe
  }

  /**
   * A flush failed: the system may have dropped what it could not write, and would tell the next flush that all is well. So
   * nothing more is taken until a restart, which goes back to the last flush that succeeded.
   */
  get isBroken(): boolean {
    return this.#broken !== undefined
  }

  write<T>(change: (transaction: WriteTransaction) => T, options: WriteOptions): Promise<T> {
    if (this.#broken) return Promise.reject(this.#broken)
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
    // Of a commit that failed nobody hears again: one that succeeds comes last, or the engine would wait for it for ever.
    await this.#root.batch(() => {})
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

  /** Where room is scarce: a call that does not fit fails alone, with STORE_FULL, and what is smaller goes on. */
  #runWeighed(shared: readonly Waiting[], transaction: SharedTransaction, room: number): void {
    let leftBytes = room
    for (const call of shared) {
      transaction.hold()
      run(call, transaction)
      const bytes = transaction.heldBytes()
      if (call.failed || bytes > Math.max(0, leftBytes)) {
        transaction.drop()
        if (!call.failed) {
          call.failed = true
          call.reject(this.#describe(new Error('ENOSPC')))
        }
      } else {
        leftBytes -= bytes
        transaction.keep()
      }
    }
    transaction.release()
  }

  #lastTransaction(): number {
    return (this.#root.getStats() as { lastTxnId: number }).lastTxnId
  }

  async #commit(shared: readonly Waiting[]): Promise<void> {
    if (this.#broken) return reject(shared, this.#broken)
    const transaction = new SharedTransaction()
    const before = this.#lastTransaction()
    let flushed: Promise<unknown> | undefined
    try {
      const room = this.#room.forCommit()
      const committed = this.#root.batch(() => {
        if (room === Number.POSITIVE_INFINITY) for (const call of shared) run(call, transaction)
        else this.#runWeighed(shared, transaction, room)
      })
      // The flush of this commit, asked for now: later it would be that of a later one.
      flushed = new Promise((resolve, reject) => this.#root.flushed.then(resolve, reject))
      flushed.catch(() => {})
      await committed
    } catch (error) {
      swallow(error)
      // The engine tells of a commit that it could not flush as of one that failed, but its transaction is there.
      if (this.#lastTransaction() !== before) {
        this.#broken = new SallyportError(
          'BUS_UNAVAILABLE',
          `the disk did not write what it was given (${await why(error)}): nothing is taken until the disk is sound and the gateway was started again`,
          { cause: error },
        )
      }
      return reject(shared, this.#broken ?? this.#describe(error))
    }
    this.#root.resetReadTxn()
    for (const call of shared) {
      call.options.onEnd?.()
      if (!call.failed) told(call.options.onCommit)
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

function reject(shared: readonly Waiting[], error: Error): void {
  for (const call of shared) {
    call.options.onEnd?.()
    call.reject(error)
  }
}

/** One that throws is a defect, which the process hears of; the others must have their commit. */
function told(onCommit: (() => void) | undefined): void {
  try {
    onCommit?.()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
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

async function why(error: unknown): Promise<string> {
  const cause = (error as { commitError?: Promise<unknown> }).commitError
  // It may never be told.
  const waited = new Promise((resolve) => setTimeout(resolve, 100, error))
  return String(await Promise.race([cause?.catch((said: unknown) => said) ?? error, waited]))
}
