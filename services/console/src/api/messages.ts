/** `GET /api/messages` and `GET /api/messages/{id}`. */
import { isMessageId, type MessagePage, type MessageRecord, SallyportError } from '@sallyport/contracts'
import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import type { ApiPorts } from './server.ts'

const idSchema = Type.Object({ id: Type.String() })

const querySchema = Type.Object(
  {
    application: Type.Optional(Type.String()),
    since: Type.Optional(Type.Integer({ minimum: 0, description: 'ms since the epoch' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
    cursor: Type.Optional(Type.String({ description: '`next` of the page before' })),
  },
  { additionalProperties: false },
)

export function messageRoutes(app: FastifyInstance, { records }: ApiPorts): void {
  app.get<{ Params: Static<typeof idSchema> }>('/api/messages/:id', { schema: { params: idSchema } }, async ({ params }) => {
    const id = params.id.toLowerCase()
    const record: MessageRecord | undefined = isMessageId(id) ? await records.message(id) : undefined
    if (record) return record
    const advice = 'the id stands at the end of the 250 reply and in X-Sallyport-Id; a message of this moment may need a second'
    throw new SallyportError('NOT_FOUND', `no message ${id} is known: ${advice}`)
  })

  app.get<{ Querystring: Static<typeof querySchema> }>(
    '/api/messages',
    { schema: { querystring: querySchema } },
    ({ query }): Promise<MessagePage> => records.messages({ ...query, limit: query.limit ?? 50 }),
  )
}
