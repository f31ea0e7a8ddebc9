/** What a check found: each reason with its rule, how to fix it, and the evidence. */
import type { ToldAnnotation } from '@sallyport/contracts'
import { counted } from '../../format/numbers.ts'
import { Badge } from '../../parts/badge.tsx'
import styles from './annotation-view.module.css'

export function AnnotationView({
  annotation: { outcome, reasons, directoryRevision, policyRevision },
}: {
  readonly annotation: ToldAnnotation
}) {
  const revisions = (
    <p className={styles.revisions}>
      By policy revision {policyRevision}
      {directoryRevision && `, directory ${directoryRevision}`}
    </p>
  )
  // What a check that passes has to say is of interest to few.
  if (outcome === 'pass' && reasons.length > 0) {
    return (
      <details className={styles.passed}>
        <summary>{counted(reasons.length, 'remark')}</summary>
        <Reasons reasons={reasons} />
        {revisions}
      </details>
    )
  }
  return (
    <>
      <Reasons reasons={reasons} />
      {revisions}
    </>
  )
}

function Reasons({ reasons }: Pick<ToldAnnotation, 'reasons'>) {
  return reasons.map(({ rule, text, fix, evidence }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a rule can be given more than once, and their order never changes
    <div key={`${rule} ${index}`} className={styles.reason}>
      <p>
        <Badge tone="calm">{rule}</Badge> {text}
      </p>
      {fix && (
        <p>
          <strong>Fix:</strong> {fix}
        </p>
      )}
      {evidence && Object.keys(evidence).length > 0 && (
        <dl className={styles.evidence}>
          {Object.entries(evidence).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{Array.isArray(value) ? value.join(', ') || '–' : String(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  ))
}
