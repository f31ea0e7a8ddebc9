/**
 * Records that need not be on disk before they are consumed: they are given to consumers at once from memory, and written a
 * moment later, unless every group that reads them has settled them by then. Such are plain records of topics that are deleted
 * when read (decision 0007), and those whose publisher keeps what they were made from until they are settled or flushed
 * (`or-settled`, decision 0010).
 */
import { RenewedMap } from '@sallyport/contracts/basics'
import type { Environment } from '@sallyport/lmdb'
import type { BusRecord, Position } from '../port.ts'
import { DueQueue } from './due-queue.ts'
import type { PartitionLog } from './partition-log.ts'

interface Pending {
  readonly log: PartitionLog
  readonly record: BusRecord
  readonly isDurable: boolean
  readonly resolve: (position: Position) => void
  readonly reject: (error: unknown) => void
}

export interface WriteBehindOptions {
  readonly environment: Environment
  /** True where every group that reads the partition has settled the offset. */
  readonly isSettled: (log: PartitionLog, offset: number) => boolean
  readonly encode: (record: BusRecord) => Uint8Array
}

/** How long a plain record may wait until it is written: longer than a check takes, shorter than a person notices at a stop. */
const plainWaitMs = 10
/** What is due waits so long for others, so that one write does for all of them. */
const companyMs = 5
/** The same for a durable one, which somebody keeps meanwhile: longer than a next hop takes that is well, also under load. */
const durableWaitMs = 400
/** No more of these wait, and no more bytes: their publishers wait with them, and do nothing else meanwhile. */
const maxDurable = 200
const maxDurableBytes = 40 * 2 ** 20

const none: ReadonlyMap<PartitionLog, number> = new Map()

export class WriteBehind {
  readonly #options: WriteBehindOptions
  /** By partition, in order of offset. */
  readonly #pending = new Map<PartitionLog, RenewedMap<number, Pending>>()
  readonly #plainDue = new DueQueue(plainWaitMs)
  readonly #durableDue = new DueQueue(durableWaitMs)
  /** The first of each partition that is being written: until then it is in memory only. */
  #beingWritten = none
  #durableCount = 0
  #durableBytes = 0
  #timer: NodeJS.Timeout | undefined
  #timerDueMs = Number.POSITIVE_INFINITY
  #writing: Promise<void> = Promise.resolve()

  constructor(options: WriteBehindOptions) {
    this.#options = options
  }

  /**
   * Gives the record its offset and hands it to the followers now. Resolves when it is committed (`isDurable`: flushed), or
   * settled by all.
   */
  publish(log: PartitionLog, record: Omit<BusRecord, 'offset'>, isDurable = false): Promise<Position> {
    const placed: BusRecord = { ...record, offset: log.next++ }
    const dueMs = (isDurable ? this.#durableDue : this.#plainDue).add(log, placed.offset)
    return new Promise((resolve, reject) => {
      this.#pendingOf(log).set(placed.offset, { log, record: placed, isDurable, resolve, reject })
      if (isDurable) this.#countDurable(placed, 1)
      log.firstUnwritten = Math.min(log.firstUnwritten, placed.offset)
      log.visible(placed)
      if (this.#durableCount > maxDurable || this.#durableBytes > maxDurableBytes) void this.#writeDue(dueMs)
      else this.#writeAt(dueMs)
    })
  }

  #pendingOf(log: PartitionLog): RenewedMap<number, Pending> {
    let pending = this.#pending.get(log)
    if (!pending) {
      pending = new RenewedMap()
      this.#pending.set(log, pending)
      log.onSettled = (offset) => this.#settled(log, offset)
    }
    return pending
  }

  readonly #isPending = (log: PartitionLog, offset: number): boolean => this.#pending.get(log)?.has(offset) ?? false

  /** One group has settled it: where all have, nobody waits for it any more. */
  #settled(log: PartitionLog, offset: number): void {
    const pending = this.#pending.get(log)?.get(offset)
    if (!pending || !this.#isResolved(pending)) return
    this.#drop(pending)
    this.#setFirstUnwritten(log)
    log.forget()
  }

  #drop({ log, record, isDurable }: Pending): void {
    this.#pendingOf(log).delete(record.offset)
    if (isDurable) this.#countDurable(record, -1)
  }

  #setFirstUnwritten(log: PartitionLog): void {
    const first = this.#pendingOf(log).first()?.[0]
    log.firstUnwritten = Math.min(first ?? Number.POSITIVE_INFINITY, this.#beingWritten.get(log) ?? Number.POSITIVE_INFINITY)
  }

  #countDurable({ content, value }: BusRecord, sign: 1 | -1): void {
    this.#durableCount += sign
    this.#durableBytes += sign * ((content?.byteLength ?? 0) + (value?.byteLength ?? 0))
  }

  /** Writes what is pending and still needed. Never rejects: publishers are told. */
  flush(): Promise<void> {
    return this.#writeDue(Number.POSITIVE_INFINITY)
  }

  #writeAt(dueMs: number): void {
    if (dueMs >= this.#timerDueMs) return
    clearTimeout(this.#timer)
    this.#timerDueMs = dueMs
    this.#timer = setTimeout(() => void this.#writeDue(performance.now()), Math.max(0, dueMs + companyMs - performance.now()))
  }

  #writeDue(untilMs: number): Promise<void> {
    clearTimeout(this.#timer)
    this.#timerDueMs = Number.POSITIVE_INFINITY
    this.#writing = this.#writing.then(() => this.#write(untilMs))
    return this.#writing
  }

  async #write(untilMs: number): Promise<void> {
    const due = this.#takeDue(untilMs)
    const needed = this.#unsettled(due)
    const firsts = new Map<PartitionLog, number>()
    for (const { log, record } of needed) firsts.set(log, Math.min(record.offset, firsts.get(log) ?? record.offset))
    this.#beingWritten = firsts
    await Promise.all([
      this.#put(
        needed.filter(({ isDurable }) => !isDurable),
        false,
      ),
      this.#put(
        needed.filter(({ isDurable }) => isDurable),
        true,
      ),
    ])
    this.#beingWritten = none
    for (const log of new Set(due.map((each) => each.log))) {
      this.#setFirstUnwritten(log)
      log.forget()
    }
    const nextMs = Math.min(this.#plainDue.nextMs(this.#isPending), this.#durableDue.nextMs(this.#isPending))
    if (nextMs < Number.POSITIVE_INFINITY) this.#writeAt(nextMs)
  }

  /** What is due, and what stands before it in its partition, so that what is on disk has no gaps but settled records. */
  #takeDue(untilMs: number): readonly Pending[] {
    const lastDue = new Map<PartitionLog, number>()
    for (const queue of [this.#plainDue, this.#durableDue]) {
      queue.take(untilMs, (log, offset) => {
        if (this.#isPending(log, offset)) lastDue.set(log, Math.max(offset, lastDue.get(log) ?? offset))
      })
    }
    const due: Pending[] = []
    for (const [log, last] of lastDue) {
      for (const each of this.#pendingOf(log).values()) {
        if (each.record.offset > last) break
        this.#drop(each)
        due.push(each)
      }
    }
    return due
  }

  async #put(needed: readonly Pending[], durable: boolean): Promise<void> {
    if (needed.length === 0) return
    const { environment, encode } = this.#options
    try {
      await environment.write(
        (transaction) => {
          for (const { log, record } of needed) log.put(transaction, record.offset, encode(record))
        },
        { durable },
      )
      for (const { record, resolve } of needed) resolve({ partition: record.partition, offset: record.offset })
    } catch (error) {
      for (const { reject } of this.#unsettled(needed)) reject(error)
    }
  }

  /** Resolves those that every reader has settled by now, and returns the others. */
  #unsettled(pending: readonly Pending[]): readonly Pending[] {
    return pending.filter((each) => !this.#isResolved(each))
  }

  /** Resolves it where every reader has settled it by now. */
  #isResolved({ log, record, resolve }: Pending): boolean {
    const isSettled = this.#options.isSettled(log, record.offset)
    if (isSettled) resolve({ partition: record.partition, offset: record.offset })
    return isSettled
  }
}
