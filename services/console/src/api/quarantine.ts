/** What is held: search, and release and drop of one or many. */
import {
  type BulkAccepted,
  type Command,
  commandCodec,
  type HeldSummary,
  operations,
  SallyportError,
  topics,
} from '@sallyport/contracts'
import type { FastifyInstance } from 'fastify'
import type { Caller } from '../tokens.ts'
import { BadRequest, serve } from './serve.ts'
import type { ApiPorts } from './server.ts'

const maxBulk = 1_000

export function quarantineRoutes(app: FastifyInstance, { ports, quarantine, audit }: ApiPorts): void {
  serve(app, operations.listQuarantine, ({ query }) => quarantine.page({ ...query, limit: query.limit ?? 100 }))

  serve(app, operations.releaseHeld, ({ params, body, caller }) => one(params.id, 'release', body.reason, caller))
  serve(app, operations.dropHeld, ({ params, body, caller }) => one(params.id, 'drop', body.reason, caller))

  serve(app, operations.bulkQuarantine, async ({ body, caller }): Promise<BulkAccepted> => {
    const { command, reason, ids, filter } = body
    if ((ids === undefined) === (filter === undefined)) throw new BadRequest('body: give either ids or filter')
    const wanted = ids ?? quarantine.page({ ...filter, limit: maxBulk }).held.map(({ id }) => id)
    const held = [...new Set(wanted)].flatMap((id) => quarantine.get(id) ?? [])
    const total = filter ? quarantine.page({ ...filter, limit: 1 }).total : 0
    await Promise.all(held.map(({ id }) => publish(id, command, reason, caller)))
    const subject = `${held.length} messages`
    if (held.length > 0) await written(caller, command, subject, reason, { filter: filter ?? null, held: held.map(brief) })
    const found = new Set(held.map(({ id }) => id))
    return {
      command,
      ids: [...found],
      missing: wanted.filter((id) => !found.has(id)),
      remaining: Math.max(0, total - held.length),
    }
  })

  async function one(id: string, command: Command['kind'], reason: string, caller: Caller) {
    const held = quarantine.get(id.toLowerCase())
    if (!held) throw new SallyportError('NOT_FOUND', `no message ${id} is held: it may be released or dropped already`)
    await publish(held.id, command, reason, caller)
    await written(caller, command, held.id, reason, brief(held))
    return { id: held.id, command }
  }

  async function publish(id: string, kind: Command['kind'], reason: string, { who }: Caller): Promise<void> {
    const command: Command = { v: 1, kind, id, by: who, reason, at: ports.clock.now() }
    await ports.bus.publish({ topic: topics.commands.name, key: id, value: commandCodec.encode(command) }, { durable: true })
  }

  async function written({ who, token, scope }: Caller, kind: Command['kind'], subject: string, reason: string, before: object) {
    await audit.add({ who, token, scope, action: `quarantine.${kind}`, subject, reason, before, after: null })
  }
}

const brief = ({ id, application, sender, recipients, cause }: HeldSummary) => ({ id, application, sender, recipients, cause })
