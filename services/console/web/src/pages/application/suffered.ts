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

/** Heights in percent of the tallest day; a day with few is still seen. */
export function dayHeights(perDay: readonly Counts[]): readonly { readonly all: number; readonly bad: number }[] {
  const tallest = Math.max(1, ...perDay.map(({ messages }) => messages))
  const height = (messages: number): number => (messages === 0 ? 0 : Math.max(6, (messages / tallest) * 100))
  return perDay.map((day) => ({ all: height(day.messages), bad: height(suffered(day)) }))
}
