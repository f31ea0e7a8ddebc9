import { Button } from '@mantine/core'
import type { QueuedMessage } from '@sallyport/contracts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { useClient } from '../../app/session.tsx'
import { Moment } from '../../parts/moment.tsx'
import { EmptyState, Loading, ProblemNotice } from '../../parts/notices.tsx'
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
  const found = useInfiniteQuery({
    queryKey: ['listQueued', destination],
    queryFn: async ({ pageParam, signal }) =>
      (await client.ask('listQueued', { query: { destination, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) }, signal }))
        .body,
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: 5000,
  })
  const messages = found.data?.pages.flatMap((page) => page.messages) ?? []
  return (
    <Panel title={`Waiting for ${destination}`} note="the oldest first">
      {found.isError && <ProblemNotice error={found.error} again={found.refetch} />}
      {found.isPending && <Loading />}
      {found.data && messages.length === 0 && (
        <EmptyState icon="check" title="Nothing waits any more">
          Everything for this destination has left.
        </EmptyState>
      )}
      {messages.length > 0 && (
        <RecordTable label="Waiting messages" rows={messages} columns={columnsOf(commands)} keyOf={({ id }) => id} />
      )}
      {found.hasNextPage && (
        <Button variant="default" fullWidth onClick={() => void found.fetchNextPage()} loading={found.isFetchingNextPage}>
          More
        </Button>
      )}
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
    { name: 'Application', cell: ({ application }) => application },
    { name: 'Accepted', cell: ({ acceptedAt }) => <Moment at={acceptedAt} /> },
    { name: 'Attempts', isNumber: true, cell: ({ attempts }) => attempts },
    { name: 'Last reply', cell: ({ lastReply }) => lastReply || '–' },
    { name: 'Next attempt', cell: ({ nextAttemptAt }) => (nextAttemptAt === null ? 'now' : <Moment at={nextAttemptAt} />) },
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
