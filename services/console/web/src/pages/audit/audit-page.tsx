/** The audit log: who did what, when, why, and what stood before and after. */
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'react-router'
import { useClient } from '../../app/session.tsx'
import { EmptyState, Loading, ProblemNotice } from '../../parts/notices.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Panel } from '../../parts/panel.tsx'
import { AuditEntryView } from './audit-entry.tsx'
import { AuditForm } from './audit-form.tsx'
import styles from './audit-page.module.css'
import { auditSearch } from './audit-search.ts'

const pageEntries = 50

export function AuditPage() {
  const client = useClient()
  const [search] = useSearchParams()
  const { query, hasFilter } = auditSearch(search, Date.now())
  const found = useInfiniteQuery({
    queryKey: ['listAudit', search.toString()],
    queryFn: async ({ pageParam, signal }) => {
      const cursor = pageParam ? { cursor: pageParam } : {}
      return (await client.ask('listAudit', { query: { ...query, limit: pageEntries, ...cursor }, signal })).body
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const entries = found.data?.pages.flatMap((page) => page.entries) ?? []
  return (
    <>
      <PageHead
        title="Audit log"
        note="Every change that was made through this console, its API or the policy file. Nothing can change it."
      />
      <AuditForm key={search.toString()} />
      <Panel
        title="Entries"
        note={found.data && `${entries.length}${found.hasNextPage ? ' and more' : ''}, the newest first`}
        action={
          <Button size="xs" variant="default" onClick={() => void found.refetch()} loading={found.isRefetching}>
            Look again
          </Button>
        }
      >
        {found.isError && <ProblemNotice error={found.error} again={found.refetch} />}
        {found.isPending && <Loading />}
        {found.data && entries.length === 0 && <NothingFound hasFilter={hasFilter} />}
        {entries.length > 0 && (
          <ol className={styles.entries}>
            {entries.map((entry) => (
              <AuditEntryView key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
        {found.hasNextPage && (
          <Button variant="default" fullWidth onClick={() => void found.fetchNextPage()} loading={found.isFetchingNextPage}>
            More
          </Button>
        )}
      </Panel>
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
