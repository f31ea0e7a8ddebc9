/** Times and durations as people write them. */
import { exitCodes, Stop } from './exit.ts'

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** `90s`, `15m`, `24h`, `7d`, `2w`. Throws `Stop`. */
export function durationMs(text: string, flag: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? []
  const one = unitMs[unit]
  if (count !== undefined && one !== undefined) return Number(count) * one
  throw new Stop(exitCodes.usage, `--${flag} takes a duration such as 90s, 15m, 24h, 7d or 2w, not "${text}"`)
}

/** That long ago, or a date such as 2026-01-31 or 2026-01-31T08:00:00Z; ms since the epoch. Throws `Stop`. */
export function momentMs(text: string, now: number): number {
  if (/^\d{1,6}[smhdw]$/.test(text)) return Math.max(0, now - durationMs(text, 'since'))
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(at)) return at
  throw new Stop(exitCodes.usage, `--since takes a time such as 24h, 7d or 2026-01-31, not "${text}"`)
}
