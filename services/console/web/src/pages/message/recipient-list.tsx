/** Where each recipient stands, and what its next hop said last. */
import type { MessageRecord } from '@sallyport/contracts'
import { counted } from '../../format/numbers.ts'
import { Badge } from '../../parts/badge.tsx'
import { dispositionTones } from '../../parts/tone.ts'
import styles from './message-page.module.css'

export function RecipientList({ recipients }: { readonly recipients: MessageRecord['recipients'] }) {
  return (
    <ul className={styles.recipients}>
      {recipients.map(({ index, address, disposition, attempt, reply }) => (
        <li key={index}>
          <Badge tone={dispositionTones[disposition]}>{disposition}</Badge> <b>{address}</b>
          {attempt > 0 && (
            <p>
              After {counted(attempt, 'attempt')}
              {reply && `: ${reply}`}
            </p>
          )}
        </li>
      ))}
    </ul>
  )
}
