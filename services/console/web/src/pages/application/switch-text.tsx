/** What a switch of mode means for the mail of an application, with the figures of the last days. */
import type { CheckReadiness, Mode } from '@sallyport/contracts'
import { counted, percent } from '../../format/numbers.ts'
import { dayOf } from '../../format/times.ts'
import { ViolationList } from '../../parts/violation-list.tsx'
import styles from './check-cards.module.css'
import { suffered, sufferedWords } from './suffered.ts'

const shownViolations = 4

export function SwitchText({
  check,
  mode,
  application,
  owner,
}: {
  readonly check: CheckReadiness
  readonly mode: Mode
  readonly application: string
  readonly owner: string | null
}) {
  if (mode === 'off') {
    return (
      <p>
        <b>{check.check}</b> is not asked any more for mail of {application}, and nothing is counted. Nothing else changes.
      </p>
    )
  }
  if (mode === 'monitor') {
    return (
      <p>
        Mail of {application} leaves again whatever <b>{check.check}</b> finds; what it finds is counted. It holds from the next
        message on.
      </p>
    )
  }
  const all = suffered(check)
  return (
    <>
      <p>
        From the next message on, mail of {application} on which <b>{check.check}</b> finds something is refused or held, as the
        policy says. The application is told why while it is on the line.
      </p>
      <p className={all > 0 ? styles.warned : styles.calm}>
        <b>The last 7 days:</b> {counted(check.messages, 'message')} judged on {counted(check.daysWatched, 'day')}.{' '}
        {all === 0
          ? 'None would have suffered.'
          : `Had it been enforced: ${sufferedWords(check)} (${percent(all, check.messages)}).`}
      </p>
      {all > 0 && <SufferedDays perDay={check.perDay} />}
      {check.violations.length > 0 && (
        <div className={styles.scroll}>
          <ViolationList violations={check.violations.slice(0, shownViolations)} />
        </div>
      )}
      {check.violations.length > shownViolations && (
        <p className={styles.soft}>And {counted(check.violations.length - shownViolations, 'further distinct violation')}.</p>
      )}
      {all > 0 && owner && (
        <p>
          Tell the owner first: <a href={`mailto:${owner}`}>{owner}</a>
        </p>
      )}
    </>
  )
}

function SufferedDays({ perDay }: { readonly perDay: CheckReadiness['perDay'] }) {
  const days = perDay.filter((day) => suffered(day) > 0)
  return (
    <ul className={styles.days}>
      {days.map((day) => (
        <li key={day.day}>
          <span>{dayOf(day.day)}</span> {sufferedWords(day)} of {counted(day.messages, 'message')}
        </li>
      ))}
    </ul>
  )
}
