/**
 * The limiter: buckets by the generic cell rate algorithm (GCRA, ITU-T I.371 Annex A). A bucket keeps how
 * far its theoretical arrival time (TAT) lies ahead; its rate and burst come with each reservation, so that a new policy holds
 * at once. A claim that means nothing fails with a RangeError: no interval, no burst, a name too long, a bucket claimed twice.
 *
 * Of a message that waits for one bucket, the others are charged at the call too: they limit what is accepted, and what waited
 * elsewhere leaves in their later time.
 */

/** One bucket that a message must fit into. */
export interface BucketClaim {
  /** Whose bucket: the name of the application in the policy. `fill` lists by it. */
  readonly application: string
  /** Which bucket of the application, e.g. `enforce recipients 1000/h sender-domain=example.com`. Same name, same bucket. At most 400 bytes of UTF-8. */
  readonly name: string
  /** Milliseconds in which one unit comes back (the emission interval); may be a fraction. */
  readonly intervalMs: number
  /** Units that may go at once. */
  readonly burst: number
  /** Units that this message takes. */
  readonly cost: number
}

export interface Reservation {
  readonly messageId: string
  readonly buckets: readonly BucketClaim[]
  /**
   * How far ahead it may reserve: 0 takes only what conforms now; more than 0 takes what conforms within so many
   * milliseconds, in the order of the calls, and `waitMs` says when.
   */
  readonly aheadMs: number
}

export interface BucketFill {
  readonly application: string
  readonly name: string
  /** Whole units that conform now. */
  readonly remaining: number
  readonly burst: number
  /** Until the claim of this call conforms or would; 0 in `fill`. */
  readonly waitMs: number
  /** Until the bucket is full again. */
  readonly fullInMs: number
}

/**
 * `taken`: all buckets were charged, and the message conforms after `waitMs`. `refused`: it conforms after `waitMs`, which is
 * longer than `aheadMs`; nothing was charged. `above-burst`: it costs more than the burst of a bucket (the first such is named by
 * `above`, an index), so it can never conform; nothing was charged.
 */
export interface ReserveResult {
  readonly outcome: 'taken' | 'refused' | 'above-burst'
  readonly waitMs: number
  readonly above?: number
  /** In the order of the claims, as they stand after the call. */
  readonly buckets: readonly BucketFill[]
  /** True where this message was answered before: the first answer stands, and nothing was charged again. */
  readonly repeated: boolean
}

export interface Limiter {
  /**
   * All buckets or none, in one step. Idempotent by message id: while a reservation is remembered (20 min), the same id gets the
   * first answer again. Fails with LIMITER_UNAVAILABLE (retriable).
   */
  reserve(reservation: Reservation): Promise<ReserveResult>
  /**
   * Gives back what the message took: each bucket's TAT goes back to where it would be if the message had never been, which is by its
   * cost, by less where part of that has leaked (design §5: clamped), and by nothing that others took. Once per id; an unknown id is no
   * error. A message that was refunded and comes again is reserved anew.
   */
  refund(messageId: string): Promise<void>
  /** The buckets of an application that are not full, by name, at most `limit` after `after`. */
  fill(application: string, options?: { readonly after?: string; readonly limit?: number }): Promise<readonly BucketFill[]>
  close(): Promise<void>
}
