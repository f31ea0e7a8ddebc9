import { Button } from '@mantine/core'
import type { QueuedMessage } from '@sallyport/contracts'
import { Link } from 'react-router'
import { useClient } from '../../app/session.tsx'
import { usePages } from '../../client/use-pages.ts'
import { Moment } from '../../parts/moment.tsx'
import { EmptyState } from '../../parts/notices.tsx'
import { Paged } from '../../parts/paged.tsx'
import { Panel } from '../../parts/panel.tsx'
import { type Column, RecordTable } from '../../parts/record-table.tsx'
import styles from './queue-page.module.css'
import type { QueueCommands } from './use-queue-commands.tsx'

export function WaitingMessages({
  destination,
  commands,
}: {
  readonly destination: string
  readonly commands: QueueCommands | undefined
}) {
  const client = useClient()
  const found = usePages(
    ['listQueued', destination],
    (page, signal) => client.ask('listQueued', { query: { destination, limit: 50, ...page }, signal }),
    { everyMs: 5000 },
  )
  const messages = found.data?.pages.flatMap((page) => page.messages) ?? []
  const nothing = (
    <EmptyState icon="check" title="Nothing waits any more">
      Everything for this destination has left.
    </EmptyState>
  )
  return (
    <Panel title={`Waiting for ${destination}`} note="the oldest first">
      <Paged found={found} rows={messages} empty={nothing}>
        {(rows) => <RecordTable label="Waiting messages" rows={rows} columns={columnsOf(commands)} keyOf={({ id }) => id} />}
      </Paged>
    </Panel>
  )
}

function columnsOf(commands: QueueCommands | undefined): readonly Column<QueuedMessage>[] {
  return [
    {
      name: 'Message',
      isHead: true,
      cell: ({ id, sender, recipients }) => (
        <>
          <Link to={`/messages/${id}`}>{sender || '<>'}</Link> → {recipients[0] ?? '?'}
          {recipients.length > 1 && ` and ${recipients.length - 1} more`}
        </>
      ),
    },
    { name: 'Application', isShort: true, cell: ({ application }) => application },
    { name: 'Accepted', isShort: true, cell: ({ acceptedAt }) => <Moment at={acceptedAt} /> },
    { name: 'Attempts', isNumber: true, cell: ({ attempts }) => attempts },
    { name: 'Last reply', cell: ({ lastReply }) => lastReply || '–' },
    {
      name: 'Next attempt',
      isShort: true,
      cell: ({ nextAttemptAt }) => (nextAttemptAt === null ? 'now' : <Moment at={nextAttemptAt} />),
    },
    ...(commands
      ? [
          {
            name: 'Order',
            cell: ({ id }: QueuedMessage) => (
              <span className={styles.buttons}>
                <Button size="compact-xs" variant="default" onClick={() => commands.retry({ message: id }, 1)}>
                  Retry
                </Button>
                <Button size="compact-xs" variant="outline" color="red" onClick={() => commands.cancel({ message: id }, 1)}>
                  Cancel
                </Button>
              </span>
            ),
          },
        ]
      : []),
  ]
}
