/** Moments and durations as people read them. */

const units: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
]

/** The largest unit that fits, and the next where it says something: 90 s, 2 h 5 min, 3 d. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms))} ms`
  for (const [index, [unit, unitMs]] of units.entries()) {
    if (ms < unitMs) continue
    const head = Math.floor(ms / unitMs)
    const next = units[index + 1]
    const rest = next && head < 10 ? Math.floor((ms - head * unitMs) / next[1]) : 0
    return next && rest > 0 ? `${head} ${unit} ${rest} ${next[0]}` : `${head} ${unit}`
  }
  return '0 ms'
}

/** `5 min ago`, `in 2 h`, `just now` */
export function relative(at: number, now: number): string {
  const distance = Math.abs(now - at)
  if (distance < 1500) return 'just now'
  const said = coarse(distance)
  return at <= now ? `${said} ago` : `in ${said}`
}

function coarse(ms: number): string {
  for (const [unit, unitMs] of units) if (ms >= unitMs) return `${Math.floor(ms / unitMs)} ${unit}`
  return '1 s'
}

const dayAndTime = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const dayUtc = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 })

/** How long ago something was of which only the hour, or the day of UTC, is known: its start is `at`. */
export function relativeStep(at: number, step: 'hour' | 'day', now: number): string {
  const stepMs = step === 'hour' ? 3_600_000 : 86_400_000
  const steps = Math.floor(now / stepMs) - Math.floor(at / stepMs)
  if (steps <= 0) return step === 'hour' ? 'this hour' : 'today'
  if (step === 'hour') return steps < 24 ? `${steps} h ago` : moment(at)
  return steps === 1 ? 'yesterday' : dayUtc.format(at)
}

/** 29 Nov, 08:57 */
export const moment = (at: number): string => dayAndTime.format(at)
/** With year and seconds, for titles. */
export const fullMoment = (at: number): string => full.format(at)
/** With milliseconds, for a timeline within a day. */
export const clockTime = (at: number): string => clock.format(at)
/** The label of a bar that is `stepMs` wide. */
export const stepLabel = (at: number, stepMs: number): string => (stepMs >= 86_400_000 ? day : hour).format(at)
export const dayOf = (at: number): string => day.format(at)
