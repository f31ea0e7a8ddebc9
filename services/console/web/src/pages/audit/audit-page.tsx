/** The audit log: who did what, when, why, and what stood before and after. */
import { Link, useSearchParams } from 'react-router'
import { useClient } from '../../app/session.tsx'
import { usePages } from '../../client/use-pages.ts'
import { EmptyState } from '../../parts/notices.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { FoundPanel } from '../../parts/paged.tsx'
import { AuditEntryView } from './audit-entry.tsx'
import { AuditForm } from './audit-form.tsx'
import styles from './audit-page.module.css'
import { auditSearch } from './audit-search.ts'

const pageEntries = 50

export function AuditPage() {
  const client = useClient()
  const [search] = useSearchParams()
  const { query, hasFilter } = auditSearch(search, Date.now())
  const found = usePages(['listAudit', search.toString()], (page, signal) =>
    client.ask('listAudit', { query: { ...query, limit: pageEntries, ...page }, signal }),
  )
  return (
    <>
      <PageHead
        title="Audit log"
        note="Every change that was made through this console, its API or the policy file. Nothing can change it."
      />
      <AuditForm key={search.toString()} />
      <FoundPanel title="Entries" found={found} rowsOf={({ entries }) => entries} empty={<NothingFound hasFilter={hasFilter} />}>
        {(entries) => (
          <ol className={styles.entries}>
            {entries.map((entry) => (
              <AuditEntryView key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
      </FoundPanel>
    </>
  )
}

function NothingFound({ hasFilter }: { readonly hasFilter: boolean }) {
  if (!hasFilter) {
    return (
      <EmptyState icon="audit" title="Nothing was changed yet">
        Whoever applies a policy, switches a check, releases a message or pauses a destination is written down here.
      </EmptyState>
    )
  }
  return (
    <EmptyState icon="search" title="No entry fits">
      Take a filter away, or look further back. <Link to="/audit">Every entry</Link>
    </EmptyState>
  )
}
