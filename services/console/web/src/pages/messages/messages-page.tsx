/** Search: what stands in the form stands in the address, so that a search can be passed on. */
import type { MessageSummary } from '@sallyport/contracts'
import { Link, useSearchParams } from 'react-router'
import { useClient } from '../../app/session.tsx'
import { usePages } from '../../client/use-pages.ts'
import { Badge } from '../../parts/badge.tsx'
import { Moment } from '../../parts/moment.tsx'
import { EmptyState } from '../../parts/notices.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { FoundPanel } from '../../parts/paged.tsx'
import { type Column, RecordTable } from '../../parts/record-table.tsx'
import { statusMeanings, statusTones } from '../../parts/tone.ts'
import { MessagesForm } from './messages-form.tsx'
import styles from './messages-page.module.css'
import { searchOf } from './search.ts'

const columns: readonly Column<MessageSummary>[] = [
  {
    name: 'Message',
    isHead: true,
    cell: ({ id, subject, sender, recipients }) => (
      <>
        <Link to={`/messages/${id}`} className={styles.subject}>
          {subject || '(no subject)'}
        </Link>
        <span className={styles.addresses}>
          {sender || '<>'} → {recipients[0] ?? '?'}
          {recipients.length > 1 && ` and ${recipients.length - 1} more`}
        </span>
      </>
    ),
  },
  { name: 'Application', isShort: true, cell: ({ application }) => <Link to={`/applications/${application}`}>{application}</Link> },
  {
    name: 'Status',
    isShort: true,
    cell: ({ status }) => (
      <Badge tone={statusTones[status]} title={statusMeanings[status]}>
        {status}
      </Badge>
    ),
  },
  { name: 'When', isShort: true, cell: ({ firstSeenAt }) => <Moment at={firstSeenAt} /> },
  {
    name: 'Found',
    cell: ({ violations, action, wouldBe }) => {
      const isSpared = action === 'relay' && wouldBe !== null && wouldBe !== 'relay'
      // A cell with nothing in it is left out of a card.
      if (violations.length === 0 && !isSpared) return null
      return (
        <span className={styles.found}>
          {violations.map((check) => (
            <Badge key={check} tone="bad">
              {check}
            </Badge>
          ))}
          {isSpared && <span className={styles.would}>would be: {wouldBe}</span>}
        </span>
      )
    },
  },
]

export function MessagesPage() {
  const client = useClient()
  const [search] = useSearchParams()
  const { query, hasFilter } = searchOf(search, Date.now())
  const found = usePages(['listMessages', search.toString()], (page, signal) =>
    client.ask('listMessages', { query: { ...query, limit: 50, ...page }, signal }),
  )
  return (
    <>
      <PageHead title="Messages" />
      <MessagesForm key={search.toString()} />
      <FoundPanel title="Found" found={found} rowsOf={({ messages }) => messages} empty={<NothingFound hasFilter={hasFilter} />}>
        {(messages) => <RecordTable label="Messages" rows={messages} columns={columns} keyOf={({ id }) => id} />}
      </FoundPanel>
    </>
  )
}

function NothingFound({ hasFilter }: { readonly hasFilter: boolean }) {
  if (hasFilter) {
    return (
      <EmptyState icon="search" title="No message fits">
        Take a filter away, or look further back. <Link to="/messages">Every message</Link>
      </EmptyState>
    )
  }
  return (
    <EmptyState icon="messages" title="No message yet">
      Point an application at the gateway’s SMTP port, or send a first message yourself:
      <pre>npm run sallyport -- send --from invoices@example.com --to you@example.net</pre>
    </EmptyState>
  )
}
