/** Durations as the policy writes them. */
const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The ms of a duration such as `90m`, `12h` or `5d`. The text has passed the schema; NaN where it has not. */
export function durationMs(text: string): number {
  return Number.parseInt(text, 10) * (unitMs[text.slice(-1)] ?? Number.NaN)
}
