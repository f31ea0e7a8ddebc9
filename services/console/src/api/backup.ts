/** Backup and restore of what the records are made of. */
import { Readable } from 'node:stream'
import { eventSchema, type MailEvent, operations } from '@sallyport/contracts'
import type { LateRecords, RecordedEvent } from '@sallyport/records'
import type { FastifyInstance } from 'fastify'
import { Compile } from 'typebox/compile'
import { takesText } from './policy.ts'
import { BadRequest, serve } from './serve.ts'
import type { ApiPorts } from './server.ts'

const isEvent = Compile(eventSchema)

export function backupRoutes(app: FastifyInstance, { records, audit }: ApiPorts): void {
  serve(app, operations.backupRecords, async ({ caller, reply }) => {
    const { who, token, scope } = caller
    await audit.add({ who, token, scope, action: 'records.backup', subject: 'records', reason: '', before: null, after: null })
    return reply.type(operations.backupRecords.produces).send(Readable.from(lines(records)))
  })

  void app.register(async (scope) => {
    takesText(scope)
    serve(scope, operations.restoreRecords, async ({ text, caller }) => {
      const events = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [recorded(line, index + 1)]))
      await records.append(events)
      const { who, token, scope: held } = caller
      const after = { events: events.length }
      await audit.add({ who, token, scope: held, action: 'records.restore', subject: 'records', reason: '', before: null, after })
      return after
    })
  })
}

async function* lines(records: Pick<LateRecords, 'events'>): AsyncIterable<string> {
  let after: string | undefined
  do {
    const page = await records.events({ after })
    if (page.events.length > 0) yield `${page.events.join('\n')}\n`
    after = page.next ?? undefined
  } while (after !== undefined)
}

function recorded(line: string, number: number): RecordedEvent {
  return { event: parsed(line, number), json: Buffer.from(line), partition: null, offset: 0 }
}

function parsed(line: string, number: number): MailEvent {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw notABackup(number)
  }
  if (isEvent.Check(value)) return value
  throw notABackup(number)
}

const notABackup = (number: number): BadRequest =>
  new BadRequest(`line ${number} is no event: send lines of a backup, whole; nothing of this request was taken`)
