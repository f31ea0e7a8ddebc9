/** One consumer: takes records of its lanes in turn, hands them to the handler, and settles them. */
import { SallyportError } from '@sallyport/contracts'
import type { Buried } from '../dead-letter.ts'
import type { BusRecord, ConsumeOptions, DeliveredRecord, TopicPartition } from '../port.ts'
import { KeyOrder } from './key-order.ts'
import { type Lane, partitionsOf } from './lane.ts'
import { LaneSet } from './lane-set.ts'

export interface MemberHost<L extends Lane = Lane> {
  /** Publishes to `mail.dead`, durably. */
  bury(record: Buried, group: string, reason: string): Promise<void>
  /** A watermark may have moved. */
  markDirty(group: string, lane: L): void
}

/** How long a partition that goes waits for what is in flight, unless its consumer says otherwise. */
export const defaultDrainMs = 30_000
const firstRetryMs = 50
const longestRetryMs = 30_000
/** Records taken in one go before other work of the process gets its turn. */
const takenPerTurn = 256

export class Member<L extends Lane = Lane> {
  readonly options: ConsumeOptions
  readonly lanes = new LaneSet<L>()
  readonly #host: MemberHost<L>
  readonly #order: KeyOrder
  /** The lane whose turn it is. */
  #nextLane = 0
  #isScheduled = false
  /** Records were left because there was no room for them: where room comes, they are taken. Others announce themselves. */
  #isHeldBack = false
  #isPaused = false
  #isStopped = false
  readonly #retries = new Set<{ readonly lane: L; readonly wake: () => void }>()
  #idle: (() => void)[] = []

  constructor(options: ConsumeOptions, host: MemberHost<L>) {
    this.options = options
    this.#host = host
    this.#order = new KeyOrder(options.concurrency ?? 64, () => this.#onRoom())
  }

  assigned(): readonly TopicPartition[] {
    return partitionsOf(this.lanes.list)
  }

  setPaused(isPaused: boolean, partitions: readonly TopicPartition[] | undefined): void {
    if (!partitions) this.#isPaused = isPaused
    for (const lane of this.lanes.list) {
      if (!partitions || partitions.some(({ topic, partition }) => lane.topic === topic && lane.partition === partition))
        lane.isPaused = isPaused
    }
    if (!isPaused) this.schedule()
  }

  get startsPaused(): boolean {
    return this.#isPaused
  }

  /** Takes records soon, once for all that asked. */
  schedule(): void {
    if (this.#isScheduled || this.#isStopped) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#take()
    })
  }

  /** Takes nothing more. Running handlers go on; those that wait to be tried again are given up. */
  stop(): void {
    this.#isStopped = true
    for (const retry of this.#retries) retry.wake()
  }

  /**
   * Resolves when nothing of these lanes, which are leaving, is in flight, or after `drainMs`, which may be lowered
   * meanwhile. What waits to be tried again is given up.
   */
  async drained(lanes: readonly L[]): Promise<void> {
    for (const retry of this.#retries) if (retry.lane.isLeaving) retry.wake()
    const began = performance.now()
    const leftMs = (): number => (this.options.drainMs ?? defaultDrainMs) - (performance.now() - began)
    while (lanes.some((lane) => lane.inFlight > 0) && leftMs() > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(100, Math.max(1, leftMs())))
        this.#idle.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }

  /** One record of each lane in turn, and where there was no room, the next time from where it ended. */
  #take(): void {
    const lanes = this.lanes.list
    const maxUnsettled = this.options.maxUnsettled ?? 1_000
    let taken = 0
    this.#isHeldBack = false
    for (let at = this.#nextLane, inVain = 0; inVain < lanes.length && !this.#isStopped; at++) {
      const lane = lanes[at % lanes.length]
      const isFull = lane !== undefined && lane.unsettled.count >= maxUnsettled
      const isOpen = lane && !lane.isPaused && !lane.isLeaving && !isFull
      if (isOpen) this.#nextLane = at % lanes.length
      const isCrowded = isOpen && !this.#order.hasRoom()
      if (isFull || isCrowded) this.#isHeldBack = true
      if (isCrowded) return
      const entry = isOpen ? lane.take() : undefined
      if (!lane || !entry) {
        inVain++
        continue
      }
      inVain = 0
      if ('record' in entry) this.#deliver(lane, entry.record)
      else this.#buryDamaged(lane, entry.damaged, entry.offset)
      if (++taken >= takenPerTurn) {
        this.#nextLane++
        this.schedule()
        return
      }
    }
  }

  #deliver(lane: L, record: BusRecord): void {
    const settleOnce = lane.unsettled.add(record.offset)
    const settle = (): void => {
      if (lane.isGone || !settleOnce()) return
      lane.settled(record.offset)
      this.#host.markDirty(this.options.group, lane)
      this.#settled()
    }
    const delivered: DeliveredRecord = { ...record, settle }
    this.#order.add({ key: record.key, run: () => this.#handle(lane, delivered, settle) })
  }

  /** Undefined where the handler was done at once. */
  #handle(lane: L, record: DeliveredRecord, settle: () => void): Promise<void> | undefined {
    if (this.#isStopped || !this.lanes.has(lane)) return undefined
    if (lane.isLeaving && lane.isGivenUp(record.key)) {
      this.#giveUp(lane, record.offset, record.key)
      return undefined
    }
    try {
      const done = this.options.handle(record)
      if (done) {
        return done.then(
          () => this.#handled(settle),
          (error: unknown) => this.#failed(lane, record, settle, error, firstRetryMs),
        )
      }
    } catch (error) {
      return this.#failed(lane, record, settle, error, firstRetryMs)
    }
    this.#handled(settle)
    return undefined
  }

  #handled(settle: () => void): void {
    if (this.options.settle !== 'manual') settle()
  }

  async #failed(lane: L, record: DeliveredRecord, settle: () => void, error: unknown, retryMs: number): Promise<void> {
    let waitMs = retryMs
    let failure = error
    for (;;) {
      if (failure instanceof SallyportError && failure.code === 'UNPARSABLE_RECORD') {
        if (await this.#bury(record, failure.message, lane)) settle()
        else this.#giveUp(lane, record.offset, record.key)
        return
      }
      if (!lane.isLeaving) await this.#wait(waitMs, lane)
      if (lane.isLeaving) {
        this.#giveUp(lane, record.offset, record.key)
        return
      }
      if (this.#isStopped || !this.lanes.has(lane)) return
      waitMs = Math.min(longestRetryMs, waitMs * 2)
      try {
        await this.options.handle(record)
        this.#handled(settle)
        return
      } catch (again) {
        failure = again
      }
    }
  }

  #giveUp(lane: L, offset: number, key?: string): void {
    lane.giveUp(offset, key)
    this.#wakeIdle()
  }

  /** False where the member was stopped, or the partition is leaving, before it succeeded: the record comes again. */
  async #bury(record: Buried, reason: string, lane: L): Promise<boolean> {
    for (let waitMs = firstRetryMs; !this.#isStopped; waitMs = Math.min(longestRetryMs, waitMs * 2)) {
      try {
        await this.#host.bury(record, this.options.group, reason)
        return true
      } catch {
        if (lane.isLeaving) return false
        await this.#wait(waitMs, lane)
      }
    }
    return false
  }

  #buryDamaged(lane: L, damaged: Uint8Array, offset: number): void {
    const settleOnce = lane.unsettled.add(offset)
    const at = { damaged, topic: lane.topic, partition: lane.partition, offset }
    void this.#bury(at, 'the row of the log is damaged', lane).then((isBuried) => {
      if (!isBuried) this.#giveUp(lane, offset)
      else if (!lane.isGone && settleOnce()) {
        this.#host.markDirty(this.options.group, lane)
        this.#settled()
      }
    })
  }

  async #wait(waitMs: number, lane: L): Promise<void> {
    this.#order.pauseRunning()
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => retry.wake(), waitMs)
      const retry = {
        lane,
        wake: () => {
          clearTimeout(timer)
          this.#retries.delete(retry)
          resolve()
        },
      }
      this.#retries.add(retry)
    })
    this.#order.resumeRunning()
  }

  #wakeIdle(): void {
    if (this.#idle.length > 0) for (const wake of this.#idle.splice(0)) wake()
  }

  #settled(): void {
    this.#wakeIdle()
    this.#onRoom()
  }

  #onRoom(): void {
    if (this.#isHeldBack) this.schedule()
  }
}
