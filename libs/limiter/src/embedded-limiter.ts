/**
 * The limiter in the environment of the bus. One process owns the folder, so the buckets in its memory are the truth: a
 * reservation is decided there at once, and written behind it in the group commit, many to a write. What a crash loses are
 * the last milliseconds: messages taken then were charged to nobody, which is less than the one extra burst of design §5, and
 * a record that is delivered again is charged again where its first charge was lost.
 */
import { SallyportError } from '@sallyport/contracts'
import type { Environment, WriteTransaction } from '@sallyport/lmdb'
import { Buckets } from './buckets.ts'
import { backlogAt } from './gcra.ts'
import { checkClaims, fillOf, type Judgement, judgeClaims } from './judge-claims.ts'
import type { ReservationRow } from './limiter-rows.ts'
import { type LimiterClock, limiterTime } from './limiter-time.ts'
import { giveBack, noteLowPoint } from './low-points.ts'
import type { BucketFill, Limiter, Reservation, ReserveResult } from './port.ts'
import { lastTimeUs, Reservations, rememberedMs } from './reservations.ts'

export interface EmbeddedLimiterOptions {
  readonly environment: Environment
  readonly clock: LimiterClock
  /** Buckets kept in memory; more are read when they are claimed. Default 100,000. */
  readonly maxBucketsInMemory?: number
  /** Reservations kept in memory; older ones are read when they are asked for. Default 20,000. */
  readonly maxReservationsInMemory?: number
}

/** When the store does not take what is written behind, so many reservations are still made. */
const maxUnwritten = 20_000
const pruneEveryMs = 250
const tryAgainMs = 1_000
const mostFills = 1_000

/** Fails as the environment does. Closing writes what is not written yet; the environment is its opener's to close. */
export async function openEmbeddedLimiter(options: EmbeddedLimiterOptions): Promise<Limiter> {
  return new EmbeddedLimiter(options)
}

class EmbeddedLimiter implements Limiter {
  readonly #environment: Environment
  readonly #clock: LimiterClock
  readonly #nowUs: () => number
  readonly #buckets: Buckets
  readonly #reservations: Reservations
  #calls = 0
  #pruneAtMs = 0
  #writing: Promise<void> | undefined
  #failure: { readonly error: unknown; readonly tryAgainAtMs: number } | undefined

  constructor({ environment, clock, maxBucketsInMemory = 100_000, maxReservationsInMemory = 20_000 }: EmbeddedLimiterOptions) {
    const reservations = environment.table('limiter-reservation', { isReadInWrites: false })
    this.#environment = environment
    this.#clock = clock
    this.#nowUs = limiterTime(clock, lastTimeUs(reservations))
    this.#buckets = new Buckets(environment.table('limiter-bucket', { isReadInWrites: false }), maxBucketsInMemory)
    this.#reservations = new Reservations(reservations, maxReservationsInMemory)
  }

  async reserve(reservation: Reservation): Promise<ReserveResult> {
    return guard(() => this.#reserve(reservation))
  }

  async refund(messageId: string): Promise<void> {
    guard(() => this.#refund(messageId))
  }

  #reserve(reservation: Reservation): ReserveResult {
    const nowUs = this.#nowUs()
    checkClaims(reservation)
    const before = this.#reservations.find(reservation.messageId, nowUs)
    if (before) return this.#again(reservation, before, nowUs)
    if (this.#reservations.unwritten >= maxUnwritten) throw unavailable(this.#failure?.error)

    const call = ++this.#calls
    const buckets = reservation.buckets.map((claim) => this.#buckets.claimed(claim))
    for (const bucket of buckets) {
      if (bucket.claimedBy === call) throw new RangeError(`a message claims the bucket ${bucket.id} twice`)
      bucket.claimedBy = call
    }
    const backlogsUs = buckets.map((bucket) => backlogAt(bucket, nowUs))
    const judged = judgeClaims(reservation, backlogsUs)
    const isTaken = judged.outcome === 'taken'
    const claims = reservation.buckets.map(({ cost, intervalMs }, index) => {
      const bucket = buckets[index]
      const costUs = isTaken ? cost * intervalMs * 1000 : 0
      const beforeUs = backlogsUs[index] ?? 0
      backlogsUs[index] = beforeUs + costUs
      if (bucket && costUs > 0) {
        noteLowPoint(bucket.lowPoints, nowUs, beforeUs, rememberedMs * 1000)
        this.#buckets.change(bucket, beforeUs + costUs, nowUs)
      }
      return { bucket: bucket?.id ?? '', costUs, waitMs: judged.waitsMs[index] ?? 0 }
    })
    this.#reservations.add(reservation.messageId, { ...judged, atUs: nowUs, claims })
    this.#writeBehind()
    return answer(reservation, judged, backlogsUs, false)
  }

  #refund(messageId: string): void {
    const nowUs = this.#nowUs()
    const found = this.#reservations.find(messageId, nowUs)
    if (!found) return
    this.#reservations.forget(messageId)
    for (const claim of found.claims) {
      const bucket = claim.costUs > 0 ? this.#buckets.find(claim.bucket) : undefined
      if (!bucket) continue
      const backlogUs = backlogAt(bucket, nowUs)
      this.#buckets.change(bucket, backlogUs - giveBack(bucket.lowPoints, found.atUs, claim.costUs, backlogUs), nowUs)
    }
    this.#writeBehind()
  }

  async fill(
    application: string,
    options: { readonly after?: string; readonly limit?: number } = {},
  ): Promise<readonly BucketFill[]> {
    await this.#written()
    const limit = Math.min(options.limit ?? mostFills, mostFills)
    const fills: BucketFill[] = []
    if (limit <= 0) return fills
    for (const { name, row, backlogUs } of this.#buckets.fills(application, options.after, this.#nowUs())) {
      fills.push(fillOf({ application, name, intervalMs: row.intervalUs / 1000, burst: row.burst }, backlogUs, 0))
      if (fills.length >= limit) break
    }
    return fills
  }

  async close(): Promise<void> {
    await this.#written()
  }

  #again(reservation: Reservation, before: ReservationRow, nowUs: number): ReserveResult {
    const backlogsUs = reservation.buckets.map((claim) => backlogAt(this.#buckets.claimed(claim), nowUs))
    return answer(reservation, { ...before, waitsMs: before.claims.map(({ waitMs }) => waitMs) }, backlogsUs, true)
  }

  get #hasChanges(): boolean {
    return this.#buckets.hasChanges || this.#reservations.hasChanges
  }

  /** Everything so far is committed. Fails with LIMITER_UNAVAILABLE where the store does not take it. */
  async #written(): Promise<void> {
    // The write under way may have begun before; the next one has everything.
    for (let writes = 0; writes < 2 && (this.#hasChanges || this.#writing); writes++) {
      this.#writing ??= this.#write()
      await this.#writing
      if (this.#failure) throw unavailable(this.#failure.error)
    }
  }

  #writeBehind(): void {
    if (this.#writing || (this.#failure && this.#clock.elapsed() < this.#failure.tryAgainAtMs)) return
    this.#writing = this.#write()
  }

  /** Never rejects. What changes while it waits for its commit goes with it, or begins the next. */
  async #write(): Promise<void> {
    let takeBack = (): void => {}
    try {
      await this.#environment.write((transaction) => {
        const nowUs = this.#nowUs()
        const [buckets, reservations] = [this.#buckets.write(transaction, nowUs), this.#reservations.write(transaction, nowUs)]
        takeBack = () => {
          this.#buckets.takeBack(buckets)
          this.#reservations.takeBack(reservations)
        }
        this.#pruneSome(transaction, nowUs)
      })
      this.#failure = undefined
    } catch (error) {
      takeBack()
      this.#failure = { error, tryAgainAtMs: this.#clock.elapsed() + tryAgainMs }
    }
    this.#writing = undefined
    if (this.#hasChanges) this.#writeBehind()
  }

  #pruneSome(transaction: WriteTransaction, nowUs: number): void {
    const elapsedMs = this.#clock.elapsed()
    if (elapsedMs < this.#pruneAtMs) return
    this.#pruneAtMs = elapsedMs + pruneEveryMs
    this.#buckets.prune(transaction, nowUs)
    this.#reservations.prune(transaction, nowUs, this.#clock.now())
  }
}

function answer(
  { buckets }: Reservation,
  { outcome, waitMs, above, waitsMs }: Judgement,
  backlogsUs: readonly number[],
  repeated: boolean,
): ReserveResult {
  return {
    outcome,
    waitMs,
    ...(above === undefined ? {} : { above }),
    buckets: buckets.map((claim, index) => fillOf(claim, backlogsUs[index] ?? 0, waitsMs[index] ?? 0)),
    repeated,
  }
}

function guard<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof SallyportError || error instanceof RangeError ? error : unavailable(error)
  }
}

const unavailable = (cause: unknown): SallyportError =>
  new SallyportError(
    'LIMITER_UNAVAILABLE',
    `the limiter cannot reach its buckets: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  )
