/** How a limit that is reached is told, in the words of a developer: which limit, what remains, when. */
import type { SmtpReply } from './reply.ts'
import { cutLine, printable } from './reply.ts'
import type { ThrottleLimit } from './throttle-limits.ts'

export interface ReachedLimit {
  /** `1000/h recipients per sender-domain example.com, burst 500` (`limitText`). */
  readonly text: string
  readonly count: ThrottleLimit['count']
  /** Units that this message counts. */
  readonly cost: number
  /** Whole units that would conform now. */
  readonly remaining: number
  /** Until this message conforms. */
  readonly waitMs: number
}

const worded = { messages: 'message', recipients: 'recipient', bytes: 'byte' } as const

/** `1 message`, `300 recipients`. */
export const countedText = (units: number, count: ThrottleLimit['count']): string =>
  `${units} ${worded[count]}${units === 1 ? '' : 's'}`

/** `in 60 s, at 2026-01-01T00:01:00Z`. `nowMs`: since the epoch. */
export const momentText = (waitMs: number, nowMs: number): string =>
  `in ${duration(waitMs)}, at ${new Date(nowMs + Math.ceil(waitMs)).toISOString().slice(0, 19)}Z`

export const limitReachedText = ({ text, count, cost, remaining, waitMs }: ReachedLimit, nowMs: number): string =>
  `This message counts ${countedText(cost, count)}, and the limit of ${text} is reached: ${remaining} remain now, enough ${momentText(waitMs, nowMs)}.`

/** The id of this rule, as the throttle names it in its reasons. */
export const limitReachedRule = 'throttle.limit-reached'

/** The answer to MAIL or RCPT of a message that would meet the limit again: that to DATA, without an id. */
export function limitReachedReply(limit: ReachedLimit, nowMs: number): SmtpReply {
  const advice = `try again in ${Math.max(1, Math.ceil(limit.waitMs / 1000))} s: `
  const tail = ` (${limitReachedRule})`
  return {
    code: 451,
    enhanced: '4.7.1',
    text: `${advice}${cutLine(printable(limitReachedText(limit, nowMs)), `451 4.7.1 ${advice}${tail}`)}${tail}`,
  }
}

/** The answer to the RCPT with which a message would cost more than the burst, and so could never be sent. */
export function burstReachedReply(text: string, burst: number): SmtpReply {
  const before = `this recipient is one more than the ${burst} that may go at once by the limit of `
  const after = ': send it in another transaction'
  return { code: 452, enhanced: '4.5.3', text: `${before}${cutLine(printable(text), `452 4.5.3 ${before}${after}`)}${after}` }
}

function duration(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`
}
