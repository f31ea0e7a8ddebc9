/** `GET /api/quarantine`, and release and drop of what is held. */
import { type Command, type CommandAccepted, commandCodec, type Quarantine, SallyportError, topics } from '@sallyport/contracts'
import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import { type ApiPorts, authorOf } from './server.ts'

const querySchema = Type.Object(
  {
    application: Type.Optional(Type.String()),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
    cursor: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)
const paramsSchema = Type.Object({ id: Type.String(), command: Type.Union([Type.Literal('release'), Type.Literal('drop')]) })
const commandQuerySchema = Type.Object({ reason: Type.Optional(Type.String({ maxLength: 1000 })) }, { additionalProperties: false })

export function quarantineRoutes(app: FastifyInstance, { ports, quarantine }: ApiPorts): void {
  app.get<{ Querystring: Static<typeof querySchema> }>(
    '/api/quarantine',
    { schema: { querystring: querySchema } },
    async ({ query }): Promise<Quarantine> => quarantine.page({ ...query, limit: query.limit ?? 100 }),
  )

  app.post<{ Params: Static<typeof paramsSchema>; Querystring: Static<typeof commandQuerySchema> }>(
    '/api/quarantine/:id/:command',
    { schema: { params: paramsSchema, querystring: commandQuerySchema } },
    async ({ params, query, headers }, reply): Promise<CommandAccepted> => {
      const { id, command: kind } = params
      if (!quarantine.get(id))
        throw new SallyportError('NOT_FOUND', `no message ${id} is held: it may be released or dropped already`)
      const command: Command = { v: 1, kind, id, by: authorOf(headers), reason: query.reason ?? '', at: ports.clock.now() }
      await ports.bus.publish({ topic: topics.commands.name, key: id, value: commandCodec.encode(command) }, { durable: true })
      ports.log.info({ id, command: kind, by: command.by, reason: command.reason }, 'a command for a held message')
      reply.code(202)
      return { id, command: kind }
    },
  )
}
