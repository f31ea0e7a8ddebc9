/** Messages that wait, in pages, with what the records know of each. */
import type { QueuedMessage, QueuePage } from '@sallyport/contracts'
import type { Waiting } from '../queue/queue-view.ts'
import type { ApiPorts } from './server.ts'

export interface QueuedQuery {
  readonly destination?: string | undefined
  readonly application?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

/** The oldest first. */
export async function queuedPage({ queue, records }: Pick<ApiPorts, 'queue' | 'records'>, query: QueuedQuery): Promise<QueuePage> {
  const { destination, application, limit, cursor } = query
  const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString()
  const found: Waiting[] = []
  for (const waiting of queue.all()) {
    if (destination !== undefined && waiting.destination !== destination) continue
    if (application !== undefined && waiting.application !== application) continue
    if (place(waiting) > after) found.push(waiting)
  }
  found.sort((left, right) => (place(left) < place(right) ? -1 : 1))
  const shown = found.slice(0, limit)
  const last = found.length > limit ? shown.at(-1) : undefined
  const messages = await Promise.all(shown.map((waiting) => queuedMessage(records, waiting)))
  return { messages, next: last ? Buffer.from(place(last)).toString('base64url') : null }
}

/** Sorts as text by time, then id. */
const place = ({ acceptedAt, id }: Waiting): string => `${String(acceptedAt).padStart(15, '0')} ${id}`

async function queuedMessage(records: ApiPorts['records'], waiting: Waiting): Promise<QueuedMessage> {
  const { id, application, destination, acceptedAt, attempts, lastReply, nextAttemptAt } = waiting
  const record = await records.message(id)
  const isOpen = (disposition: string): boolean => disposition === 'waiting' || disposition === 'deferred'
  return {
    id,
    application,
    sender: record?.envelope?.sender ?? '',
    recipients: (record?.recipients ?? []).filter((one) => isOpen(one.disposition)).map(({ address }) => address),
    destination,
    acceptedAt,
    attempts,
    lastReply: lastReply === '' ? null : lastReply,
    nextAttemptAt: nextAttemptAt ?? null,
  }
}
