/** Watches bus and queue, and says of each MAIL whether it is taken, slowed or put off, before the bus is overrun. */
import type { Bus } from '@sallyport/bus'
import { queueReaders } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'
import { type Admission, type AdmissionLimits, admission, isQueueFull } from './admission.ts'
import { PublishLoad } from './publish-load.ts'
import { QueueShares } from './queue-shares.ts'

export interface BackpressureOptions {
  readonly bus: Bus
  readonly log: RolePorts['log']
  readonly limits: AdmissionLimits
  /** Between two measures of the queue. */
  readonly measureMs: number
  /** Monotonic, ms. */
  readonly elapsed: () => number
}

/** What the bus said longer ago is not known any more: nobody is refused for it. */
const staleMs = 30_000
/** Who was refused longer ago is not told of any more. */
const recentMs = 60_000

export class Backpressure {
  readonly #options: BackpressureOptions
  readonly #load: PublishLoad
  readonly #shares = new QueueShares()
  /** Those that were refused when they asked last, and when that was. */
  readonly #refused = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #isFull = false
  #measuring: Promise<void> | undefined
  #measuredAtMs: number

  constructor(options: BackpressureOptions) {
    this.#options = options
    this.#load = new PublishLoad(options.bus, options.elapsed)
    this.#measuredAtMs = options.elapsed()
  }

  /** Begins to measure the queue. */
  start(): void {
    this.#timer = setInterval(() => void this.measure(), this.#options.measureMs)
    this.#timer.unref()
    void this.measure()
  }

  /** For all that ingress publishes. */
  get bus(): Bus {
    return this.#load.bus
  }

  /** Undefined while it is not known. */
  get queued(): number | undefined {
    return this.#isStale ? undefined : this.#shares.queued
  }

  get inFlightBytes(): number {
    return this.#load.inFlightBytes
  }

  /** Nobody's mail is taken: the queue is full. */
  get isFull(): boolean {
    const isFull = isQueueFull(this.queued, this.#options.limits, this.#isFull)
    if (isFull !== this.#isFull) this.#tellFull(isFull)
    this.#isFull = isFull
    return isFull
  }

  admit(application: string): Admission {
    const isRefused = this.#refused.has(application)
    const admitted = admission(
      {
        queued: this.queued,
        queuedOfApplication: this.#shares.of(application),
        inFlightBytes: this.#load.inFlightBytes,
        publishMs: this.#load.oldestMs,
        failuresInARow: this.#load.failuresInARow,
        sinceFailureMs: this.#load.sinceFailureMs,
      },
      this.#options.limits,
      isRefused,
    )
    if (admitted.kind === 'refuse') {
      if (!isRefused) {
        this.#options.log.warn({ application, cause: admitted.cause, queued: this.queued }, 'mail of an application is put off')
      }
      this.#refused.set(application, this.#options.elapsed())
    } else if (isRefused) {
      this.#refused.delete(application)
      this.#options.log.info({ application, queued: this.queued }, 'mail of an application is taken again')
    }
    return admitted
  }

  /** A message of this application is ours now, and waits for delivery. */
  accepted(application: string): void {
    this.#shares.accepted(application)
  }

  /** In words for an operator. */
  warnings(): readonly string[] {
    const { limits, elapsed } = this.#options
    const warnings: string[] = []
    if (this.isFull)
      warnings.push(`${this.queued} messages wait for delivery, smtp.maxQueued is ${limits.maxQueued}: no mail is taken`)
    const putOff = [...this.#refused].filter(([, atMs]) => elapsed() - atMs < recentMs).map(([application]) => application)
    if (putOff.length > 0)
      warnings.push(`mail of ${putOff.slice(0, 3).join(', ')}${putOff.length > 3 ? ' and others' : ''} is put off`)
    if (this.#load.oldestMs > limits.slowPublishMs)
      warnings.push(`the bus has not answered for ${Math.round(this.#load.oldestMs)} ms`)
    if (this.#isStale) warnings.push('the bus does not say how much waits for delivery')
    return warnings
  }

  /** Measures the queue, unless that is under way. Never rejects. */
  measure(): Promise<void> {
    this.#measuring ??= this.#measure().finally(() => {
      this.#measuring = undefined
    })
    return this.#measuring
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  get #isStale(): boolean {
    return this.#options.elapsed() - this.#measuredAtMs > staleMs
  }

  async #measure(): Promise<void> {
    const { bus, elapsed, log } = this.#options
    const found = this.#shares.measure()
    try {
      const lags = await Promise.all(queueReaders.map(({ group, topics }) => bus.lag(group, topics)))
      found(lags.flat().reduce((sum, { records }) => sum + records, 0))
      this.#measuredAtMs = elapsed()
    } catch (error) {
      log.debug({ err: error }, 'the bus does not say how much waits for delivery')
    }
  }

  #tellFull(isFull: boolean): void {
    const { log, limits } = this.#options
    const figures = { queued: this.queued, maxQueued: limits.maxQueued }
    if (isFull) log.error(figures, 'too many messages wait for delivery: no mail is taken')
    else log.info(figures, 'fewer messages wait for delivery: mail is taken again')
  }
}
