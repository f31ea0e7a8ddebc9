/** One consumer: takes records of its lanes in turn, hands them to the handler, and settles them. */
import { SallyportError } from '@sallyport/contracts'
import type { BusRecord, ConsumeOptions, DeliveredRecord, TopicPartition } from '../port.ts'
import { KeyOrder } from './key-order.ts'
import type { Lane } from './lane.ts'

export interface MemberHost {
  /** Publishes to `mail.dead`, durably. */
  bury(
    record:
      | BusRecord
      | { readonly damaged: Uint8Array; readonly topic: string; readonly partition: number; readonly offset: number },
    group: string,
    reason: string,
  ): Promise<void>
  /** A watermark may have moved. */
  markDirty(group: string, lane: Lane): void
}

/** How long a partition that goes waits for what is in flight, unless its consumer says otherwise. */
export const defaultDrainMs = 30_000
const firstRetryMs = 50
const longestRetryMs = 30_000
/** Records taken in one go before other work of the process gets its turn. */
const takenPerTurn = 256

export class Member {
  readonly options: ConsumeOptions
  readonly lanes = new Map<string, Lane>()
  readonly #host: MemberHost
  readonly #order: KeyOrder
  /** The lane whose turn it is. */
  #nextLane = 0
  #isScheduled = false
  #isPaused = false
  #isStopped = false
  readonly #retries = new Set<{ readonly lane: Lane; readonly wake: () => void }>()
  #idle: (() => void)[] = []

  constructor(options: ConsumeOptions, host: MemberHost) {
    this.options = options
    this.#host = host
    this.#order = new KeyOrder(options.concurrency ?? 64, () => this.schedule())
  }

  assigned(): readonly TopicPartition[] {
    return Array.from(this.lanes.values(), ({ log }) => ({ topic: log.topic.name, partition: log.partition }))
  }

  setPaused(isPaused: boolean, partitions: readonly TopicPartition[] | undefined): void {
    if (!partitions) this.#isPaused = isPaused
    for (const lane of this.lanes.values()) {
      if (
        !partitions ||
        partitions.some(({ topic, partition }) => lane.log.topic.name === topic && lane.log.partition === partition)
      )
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
  async drained(lanes: readonly Lane[]): Promise<void> {
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
    const lanes = [...this.lanes.values()]
    const maxUnsettled = this.options.maxUnsettled ?? 1_000
    let taken = 0
    for (let at = this.#nextLane, inVain = 0; inVain < lanes.length && !this.#isStopped; at++) {
      const lane = lanes[at % lanes.length]
      const isOpen = lane && !lane.isPaused && !lane.isLeaving && lane.unsettled.count < maxUnsettled
      if (isOpen) this.#nextLane = at % lanes.length
      if (isOpen && !this.#order.hasRoom()) return
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

  #deliver(lane: Lane, record: BusRecord): void {
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
  #handle(lane: Lane, record: DeliveredRecord, settle: () => void): Promise<void> | undefined {
    if (this.#isStopped || this.lanes.get(laneName(lane)) !== lane) return undefined
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

  async #failed(lane: Lane, record: DeliveredRecord, settle: () => void, error: unknown, retryMs: number): Promise<void> {
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
      if (this.#isStopped || this.lanes.get(laneName(lane)) !== lane) return
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

  #giveUp(lane: Lane, offset: number, key?: string): void {
    lane.giveUp(offset, key)
    this.#wakeIdle()
  }

  /** False where the member was stopped, or the partition is leaving, before it succeeded: the record comes again. */
  async #bury(record: Parameters<MemberHost['bury']>[0], reason: string, lane: Lane): Promise<boolean> {
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

  #buryDamaged(lane: Lane, damaged: Uint8Array, offset: number): void {
    const settleOnce = lane.unsettled.add(offset)
    const at = { damaged, topic: lane.log.topic.name, partition: lane.log.partition, offset }
    void this.#bury(at, 'the row of the log is damaged', lane).then((isBuried) => {
      if (!isBuried) this.#giveUp(lane, offset)
      else if (!lane.isGone && settleOnce()) {
        this.#host.markDirty(this.options.group, lane)
        this.#settled()
      }
    })
  }

  async #wait(waitMs: number, lane: Lane): Promise<void> {
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
    if (!this.#isScheduled) this.schedule()
  }
}

/** A lane's name among those of its member. */
export const laneName = (lane: Lane): string => `${lane.log.topic.name}\0${lane.log.partition}`
