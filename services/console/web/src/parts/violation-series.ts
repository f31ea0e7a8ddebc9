/** Violations by check and mode over time, out of the statistics. */
import type { Statistics } from '@sallyport/contracts'

export interface ViolationSeries {
  /** Those that found something, by name. */
  readonly checks: readonly string[]
  /** One for every step, also where nothing was found. Keys are those of `seriesKey`. */
  readonly steps: readonly ViolationStep[]
  readonly total: number
}
export type ViolationStep = { readonly at: number } & Readonly<Record<string, number>>

const stepMs = { hour: 3_600_000, day: 86_400_000 } as const

export const seriesKey = (check: string, mode: 'monitor' | 'enforce'): string => `${check} ${mode}`

/** Of statistics by check, mode and outcome with a step; what a check could not judge is no violation. */
export function violationSeries({ since, until, step, rows }: Statistics): ViolationSeries {
  const width = stepMs[step ?? 'day']
  const steps = new Map<number, Record<string, number>>()
  for (let at = Math.floor(since / width) * width; at < until; at += width) steps.set(at, {})
  const checks = new Set<string>()
  let total = 0
  for (const { at, check, mode, outcome, messages } of rows) {
    if (outcome !== 'fail' || check === undefined || mode === undefined || mode === 'off') continue
    const row = steps.get(Math.floor(at / width) * width)
    if (!row) continue
    checks.add(check)
    const key = seriesKey(check, mode)
    row[key] = (row[key] ?? 0) + messages
    total += messages
  }
  const names = [...checks].sort()
  const keys = names.flatMap((check) => [seriesKey(check, 'monitor'), seriesKey(check, 'enforce')])
  return {
    checks: names,
    steps: [...steps].map(([at, found]) => ({ ...Object.fromEntries(keys.map((key) => [key, found[key] ?? 0])), at })),
    total,
  }
}
