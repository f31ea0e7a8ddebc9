/** Messages: search, and one with everything that is known of it. */
import { isMessageId, type MessageRecord, operations, SallyportError } from '@sallyport/contracts'
import type { LateRecords } from '@sallyport/records'
import { traceIdOf } from '@sallyport/tracing'
import type { FastifyInstance } from 'fastify'
import { serve } from './serve.ts'
import type { ApiPorts, ApiSettings } from './server.ts'

export function messageRoutes(app: FastifyInstance, { records }: ApiPorts, { tracesUrl }: Pick<ApiSettings, 'tracesUrl'>): void {
  serve(app, operations.getMessage, async ({ params }) => {
    const record = await knownMessage(records, params.id)
    const traceId = traceIdOf(record.traceparent)
    return tracesUrl === undefined || traceId === ''
      ? record
      : { ...record, traceUrl: `${tracesUrl.replace(/\/+$/, '')}/trace/${traceId}` }
  })

  serve(app, operations.listMessages, ({ query }) => records.messages({ ...query, limit: query.limit ?? 50 }))
}

/** Fails with NOT_FOUND. */
export async function knownMessage(records: Pick<LateRecords, 'message'>, written: string): Promise<MessageRecord> {
  const id = written.toLowerCase()
  const record = isMessageId(id) ? await records.message(id) : undefined
  if (record) return record
  const advice = 'the id stands at the end of the 250 reply and in X-Sallyport-Id; a message of this moment may need a second'
  throw new SallyportError('NOT_FOUND', `no message ${id} is known: ${advice}`)
}
