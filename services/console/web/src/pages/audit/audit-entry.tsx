/** One entry of the audit log; its differences open below it. */
import { Button } from '@mantine/core'
import type { AuditEntry } from '@sallyport/contracts'
import { useState } from 'react'
import { Link } from 'react-router'
import { counted } from '../../format/numbers.ts'
import { ChangeList } from '../../parts/change-list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { auditChanges } from './audit-changes.ts'
import styles from './audit-page.module.css'
import { actionNames } from './audit-search.ts'

export function AuditEntryView({ entry }: { readonly entry: AuditEntry }) {
  const { who, action, subject, token, scope, reason, at } = entry
  const [isOpen, setOpen] = useState(false)
  const changes = auditChanges(entry)
  return (
    <li>
      <div className={styles.head}>
        <span>
          <strong>{who}</strong> {actionNames[action]}: <Subject action={action} subject={subject} />
        </span>
        <span className={styles.soft}>
          <Moment at={at} /> · token {token}, {scope}
        </span>
        {changes.length > 0 && (
          <Button
            size="xs"
            variant="default"
            className={styles.toggle ?? ''}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? 'Hide' : 'Show'} {counted(changes.length, 'change')}
          </Button>
        )}
      </div>
      {reason && <p className={styles.reason}>{reason}</p>}
      {isOpen && <ChangeList changes={changes} />}
    </li>
  )
}

/** A link to where it can be seen. */
function Subject({ action, subject }: Pick<AuditEntry, 'action' | 'subject'>) {
  if (/^[0-9a-f-]{36}$/.test(subject)) return <Link to={`/messages/${subject}`}>{subject}</Link>
  if (action.startsWith('policy.')) return <Link to="/policy?tab=history">{subject}</Link>
  return <span>{subject}</span>
}
