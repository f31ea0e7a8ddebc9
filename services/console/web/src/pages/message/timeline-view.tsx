import { clockTime, duration, fullMoment } from '../../format/times.ts'
import { AnnotationView } from './annotation-view.tsx'
import type { Step } from './timeline.ts'
import styles from './timeline-view.module.css'

export function TimelineView({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <ol className={styles.timeline}>
      {steps.map(({ key, title, tone, at, tookMs, lines, annotation }) => (
        <li key={key} className={styles[tone]}>
          <div className={styles.head}>
            <h3>{title}</h3>
            <span className={styles.when}>
              {at !== undefined && (
                <time dateTime={new Date(at).toISOString()} title={fullMoment(at)}>
                  {clockTime(at)}
                </time>
              )}
              {tookMs !== undefined && ` took ${duration(tookMs)}`}
            </span>
          </div>
          {lines.map((line) => (
            <p key={line} className={styles.line}>
              {line}
            </p>
          ))}
          {annotation && <AnnotationView annotation={annotation} />}
        </li>
      ))}
    </ol>
  )
}
