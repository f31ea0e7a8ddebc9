/** What an enforced check takes from the mail: sums and shares of what readiness counts. */
import type { CheckReadiness } from '@sallyport/contracts'

type Counts = Pick<CheckReadiness, 'messages' | 'wouldReject' | 'wouldHold' | 'wouldDefer'>

export const suffered = ({ wouldReject, wouldHold, wouldDefer }: Counts): number => wouldReject + wouldHold + wouldDefer

/** In words, without what is none: `12 refused, 1 held`. */
export function sufferedWords({ wouldReject, wouldHold, wouldDefer }: Counts): string {
  const parts: readonly (readonly [number, string])[] = [
    [wouldReject, 'refused'],
    [wouldHold, 'held'],
    [wouldDefer, 'delayed'],
  ]
  return (
    parts
      .filter(([messages]) => messages > 0)
      .map(([messages, word]) => `${messages.toLocaleString('en')} ${word}`)
      .join(', ') || 'none'
  )
}

type Day = CheckReadiness['perDay'][number]
const dayMs = 86_400_000

/** The week up to `now` (and earlier days that were counted), also the days without mail: one day alone would look like a week. */
export function everyDay(perDay: readonly Day[], now: number): readonly Day[] {
  const today = Math.floor(now / dayMs) * dayMs
  const first = Math.min(today - 6 * dayMs, ...perDay.map(({ day }) => day))
  const known = new Map(perDay.map((one) => [one.day, one]))
  return Array.from({ length: (today - first) / dayMs + 1 }, (_, index) => {
    const day = first + index * dayMs
    return known.get(day) ?? { day, messages: 0, wouldReject: 0, wouldHold: 0, wouldDefer: 0 }
  })
}

/** Heights in percent of the tallest day; a day with few is still seen. */
export function dayHeights(perDay: readonly Counts[]): readonly { readonly all: number; readonly bad: number }[] {
  const tallest = Math.max(1, ...perDay.map(({ messages }) => messages))
  const height = (messages: number): number => (messages === 0 ? 0 : Math.max(6, (messages / tallest) * 100))
  return perDay.map((day) => ({ all: height(day.messages), bad: height(suffered(day)) }))
}
