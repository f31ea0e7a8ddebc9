/** A small bar for each day: what was judged, and of it what would have suffered. */
import type { CheckReadiness } from '@sallyport/contracts'
import { count } from '../../format/numbers.ts'
import { dayOf } from '../../format/times.ts'
import styles from './day-bars.module.css'
import { dayHeights, everyDay, sufferedWords } from './suffered.ts'

export function DayBars({ perDay }: { readonly perDay: CheckReadiness['perDay'] }) {
  const days = everyDay(perDay, Date.now())
  const heights = dayHeights(days)
  return (
    <svg
      className={styles.bars}
      viewBox={`0 0 ${days.length * 12} 42`}
      preserveAspectRatio="none"
      role="img"
      aria-label={said(perDay)}
    >
      {days.map((day, index) => {
        const { all, bad } = heights[index] ?? { all: 0, bad: 0 }
        return (
          <g key={day.day}>
            <title>{`${dayOf(day.day)}: ${count(day.messages)} judged, ${sufferedWords(day)}`}</title>
            <rect className={styles.ground} x={index * 12 + 1} y={0} width={10} height={42} />
            <rect className={styles.all} x={index * 12 + 1} y={42 - all * 0.42} width={10} height={all * 0.42} />
            <rect className={styles.bad} x={index * 12 + 1} y={42 - bad * 0.42} width={10} height={bad * 0.42} />
          </g>
        )
      })}
    </svg>
  )
}

const said = (perDay: CheckReadiness['perDay']): string =>
  perDay.length === 0
    ? 'no day yet'
    : perDay.map((day) => `${dayOf(day.day)}: ${count(day.messages)} judged, ${sufferedWords(day)}`).join('; ')
