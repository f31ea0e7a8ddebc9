import { Button } from '@mantine/core'
import type { QueueOrder } from '@sallyport/contracts'
import { Badge } from '../../parts/badge.tsx'
import { Moment } from '../../parts/moment.tsx'
import { EmptyState } from '../../parts/notices.tsx'
import { type Column, RecordTable } from '../../parts/record-table.tsx'
import type { QueueCommands } from './use-queue-commands.tsx'

const aboutOf = ({ destination, application, message }: QueueOrder): string =>
  [destination, application, message].filter((part) => part !== null).join(', ')

export function Orders({
  orders,
  resume,
}: {
  readonly orders: readonly QueueOrder[]
  readonly resume: QueueCommands['resume'] | undefined
}) {
  if (orders.length === 0) {
    return (
      <EmptyState icon="check" title="No order stands">
        A pause stands here until it ends; who gave it and why is kept in the audit log.
      </EmptyState>
    )
  }
  const columns: readonly Column<QueueOrder>[] = [
    {
      name: 'Order',
      isHead: true,
      cell: (order) => (
        <>
          <Badge tone={order.kind === 'pause' ? 'warn' : 'calm'}>{order.kind}</Badge> {aboutOf(order)}
        </>
      ),
    },
    { name: 'Reason', cell: ({ reason, by }) => `${reason || '–'} (${by})` },
    { name: 'Given', cell: ({ at }) => <Moment at={at} /> },
    { name: 'Ends', cell: ({ expiresAt }) => <Moment at={expiresAt} /> },
    ...(resume
      ? [
          {
            name: 'End it',
            cell: ({ kind, destination, application }: QueueOrder) =>
              kind === 'pause' ? (
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => resume({ ...(destination ? { destination } : {}), ...(application ? { application } : {}) })}
                >
                  Resume
                </Button>
              ) : null,
          },
        ]
      : []),
  ]
  return <RecordTable label="Standing orders" rows={orders} columns={columns} keyOf={({ orderId }) => orderId} />
}
