/** Figures as people read them. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** 1234 → 1,234 */
export const count = (value: number): string => whole.format(value)

/** Where room is short: 1234 → 1.2K */
export const shortCount = (value: number): string => short.format(value)

/** A share in percent that never rounds a few to none, nor nearly all to all. */
export function percent(part: number, total: number): string {
  if (total <= 0) return '–'
  const share = (part / total) * 100
  if (part > 0 && share < 0.1) return '<0.1 %'
  if (part < total && share > 99.9) return '>99.9 %'
  return `${share < 10 ? Number(share.toFixed(1)) : Math.round(share)} %`
}

/** Messages a second: 0, 0.4, 12 */
export const rate = (perSecond: number): string => (perSecond >= 10 ? count(perSecond) : String(Number(perSecond.toFixed(1))))

const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

export function bytes(value: number): string {
  const step = value < 1 ? 0 : Math.min(steps.length - 1, Math.floor(Math.log2(value) / 10))
  const scaled = value / 1024 ** step
  return `${step === 0 || scaled >= 10 ? Math.round(scaled) : scaled.toFixed(1)} ${steps[step]}`
}

/** One of a thing, or several: `3 messages` */
export const counted = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`
