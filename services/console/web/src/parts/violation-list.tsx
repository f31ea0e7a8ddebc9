/** Distinct violations: what is wrong, how often, how to fix it, and some messages to look at. */
import type { Violation } from '@sallyport/contracts'
import { Link } from 'react-router'
import { count } from '../format/numbers.ts'
import { Badge } from './badge.tsx'
import { StepMoment } from './moment.tsx'
import styles from './violation-list.module.css'

export function ViolationList({ violations }: { readonly violations: readonly Violation[] }) {
  return (
    <ul className={styles.list}>
      {violations.map(({ check, rule, text, fix, messages, firstAt, lastAt, samples }) => (
        <li key={`${check} ${rule} ${text}`}>
          <div className={styles.head}>
            <Badge tone="calm">{check}</Badge>
            <code>{rule}</code>
            <strong className={styles.count}>{count(messages)}×</strong>
          </div>
          <p>{text}</p>
          {fix && (
            <p className={styles.fix}>
              <strong>Fix:</strong> {fix}
            </p>
          )}
          <p className={styles.when}>
            First <StepMoment at={firstAt} step="hour" />, last <StepMoment at={lastAt} step="hour" />
            {samples.length > 0 && '. Look at '}
            {samples.slice(0, 3).map((id, index) => (
              <span key={id}>
                {index > 0 && ', '}
                <Link to={`/messages/${id}`} aria-label={`sample ${index + 1} of ${rule}`}>
                  sample {index + 1}
                </Link>
              </span>
            ))}
          </p>
        </li>
      ))}
    </ul>
  )
}
