/** The queue by destination. */
import type { Order, QueueDestination } from '@sallyport/contracts'
import type { CompiledPolicy } from '@sallyport/policy'
import type { Waiting } from '../queue/queue-view.ts'
import type { ApiPorts } from './server.ts'

/** Every route of the policy, and those that still have mail, the fullest first. */
export function destinationsOf(
  { queue, orders, ports }: Pick<ApiPorts, 'queue' | 'orders' | 'ports'>,
  policy: CompiledPolicy,
): QueueDestination[] {
  const now = ports.clock.now()
  const standing = orders.standing()
  const byName = new Map<string, QueueDestination>()
  for (const name of Object.keys(policy.document.routes)) byName.set(name, empty(name, standing))
  for (const waiting of queue.all()) {
    const { destination } = waiting
    byName.set(destination, withMessage(byName.get(destination) ?? empty(destination, standing), waiting, now))
  }
  return [...byName.values()].sort(
    (left, right) => right.messages - left.messages || (left.destination < right.destination ? -1 : 1),
  )
}

const empty = (destination: string, orders: readonly Order[]): QueueDestination => ({
  destination,
  messages: 0,
  recipients: 0,
  deferred: 0,
  ages: { minute: 0, hour: 0, day: 0, older: 0 },
  oldestAt: null,
  lastReply: null,
  lastReplyAt: null,
  nextAttemptAt: null,
  isPaused: orders.some(
    ({ kind, match }) => isWhole(match) && kind === 'pause' && (match.destination ?? destination) === destination,
  ),
})

/** Of a whole destination, or of all. */
const isWhole = ({ application, message }: Order['match']): boolean => application === undefined && message === undefined

/** Changes the row, which is this function's own. */
function withMessage(row: QueueDestination, waiting: Waiting, now: number): QueueDestination {
  const { acceptedAt, recipients, attempts, lastReply, lastReplyAt, nextAttemptAt } = waiting
  row.messages++
  row.recipients += recipients
  row.ages[ageOf(now - acceptedAt)]++
  if (row.oldestAt === null || acceptedAt < row.oldestAt) row.oldestAt = acceptedAt
  if (attempts === 0) return row
  row.deferred++
  if (lastReplyAt > (row.lastReplyAt ?? 0)) {
    row.lastReply = lastReply
    row.lastReplyAt = lastReplyAt
  }
  if (nextAttemptAt !== undefined && nextAttemptAt < (row.nextAttemptAt ?? Number.POSITIVE_INFINITY))
    row.nextAttemptAt = nextAttemptAt
  return row
}

function ageOf(ms: number): keyof QueueDestination['ages'] {
  if (ms < 60_000) return 'minute'
  if (ms < 3_600_000) return 'hour'
  return ms < 86_400_000 ? 'day' : 'older'
}
