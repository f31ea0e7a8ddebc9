/** Whether MAIL is taken now, taken later, or put off: a pure function of what is known of bus and queue (decision 0013). */

export interface Load {
  /** Messages that wait for delivery, over all applications; undefined where the bus does not say. */
  readonly queued: number | undefined
  /** Of this application, as far as this process knows. */
  readonly queuedOfApplication: number
  /** Of publishes that the bus has not settled yet. */
  readonly inFlightBytes: number
  /** How long the oldest durable publish in flight has been waiting. */
  readonly publishMs: number
  readonly failuresInARow: number
  readonly sinceFailureMs: number
}

export interface AdmissionLimits {
  readonly maxQueued: number
  readonly maxInFlightBytes: number
  /** Publishes that take longer slow MAIL. */
  readonly slowPublishMs: number
  readonly maxPublishMs: number
  /** MAIL waits so long at most. */
  readonly maxDelayMs: number
}

/** What is too much. `share`: what this application has of the queue. */
export type Cause = 'queue' | 'share' | 'in-flight' | 'bus'

export type Admission =
  | { readonly kind: 'open' }
  /** Taken after the wait. */
  | { readonly kind: 'slow'; readonly waitMs: number; readonly cause: Cause }
  /** Refused after the wait, so that who asks again at once does not spin. */
  | { readonly kind: 'refuse'; readonly waitMs: number; readonly cause: Cause }

/**
 * An application may have so many times what is free of the queue (dynamic thresholds, Choudhury and Hahne, IEEE/ACM Transactions on
 * Networking 6(2), 1998): alone it fills 4/5 of the queue, two fill 8/9, and there is always room for who has little.
 */
const shareOfFree = 4
/** Of its limit: from here on MAIL is slowed. */
const slowFrom = 0.5
/** The queue as a whole slows nobody, but is full until it is below this part of its limit again. */
const fullUntil = 0.9
/** Who was refused is refused until it is so far below its limit: half way to where slowing begins. */
const refusedUntil = 0.5
/** So many failures in a row are no accident; what fails so is not tried for a moment. */
const manyFailures = 10
const failurePauseMs = 1_000

const open: Admission = { kind: 'open' }

/** 0 and less: nothing to say; up to 1: slow; from 1 on: too much. */
const between = (value: number, slowAt: number, refuseAt: number): number => (value - slowAt) / (refuseAt - slowAt)

/** `isRefused`: this application was refused when it asked last. */
export function admission(load: Load, limits: AdmissionLimits, isRefused: boolean): Admission {
  const { severity, cause } = worst(load, limits, isRefused)
  if (severity >= 1 || (isRefused && severity > refusedUntil)) return { kind: 'refuse', waitMs: limits.maxDelayMs / 5, cause }
  if (severity <= 0 || cause === 'queue') return open
  return { kind: 'slow', waitMs: limits.maxDelayMs * severity ** 2, cause }
}

/** A queue that is full, for whoever asks. */
export const isQueueFull = (queued: number | undefined, { maxQueued }: AdmissionLimits, wasFull: boolean): boolean =>
  queued !== undefined && queued >= maxQueued * (wasFull ? fullUntil : 1)

function worst(load: Load, limits: AdmissionLimits, isRefused: boolean): { readonly severity: number; readonly cause: Cause } {
  const share = shareSeverity(load, limits)
  const inFlight = between(load.inFlightBytes, limits.maxInFlightBytes * slowFrom, limits.maxInFlightBytes)
  const publish = between(load.publishMs, limits.slowPublishMs, limits.maxPublishMs)
  const isFailing = load.failuresInARow >= manyFailures && load.sinceFailureMs < failurePauseMs
  const bus = isFailing ? 1 : publish
  if (isQueueFull(load.queued, limits, isRefused)) return { severity: 1, cause: 'queue' }
  const severity = Math.max(share, inFlight, bus)
  return { severity, cause: severity === share ? 'share' : severity === inFlight ? 'in-flight' : 'bus' }
}

function shareSeverity({ queued, queuedOfApplication }: Load, { maxQueued }: AdmissionLimits): number {
  if (queued === undefined || queuedOfApplication === 0) return 0
  const allowed = shareOfFree * Math.max(0, maxQueued - queued)
  return allowed === 0 ? 1 : between(queuedOfApplication, allowed * slowFrom, allowed)
}
