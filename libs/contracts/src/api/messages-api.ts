/** Messages: search, one with everything that is known of it, its content. */
import Type from 'typebox'
import { actionSchema } from '../records/verdict.ts'
import { messagePageSchema, messageRecordSchema, messageStatuses } from './message-record.ts'
import type { Operation } from './operation.ts'
import { idParams, nameSchema, pageQuery, strict, timeSchema } from './words.ts'

const address = (what: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 320, description: `${what}: a whole address, or @domain` }))

export const messageQuerySchema = Type.Object(
  {
    application: Type.Optional(nameSchema('of the application')),
    sender: address('of the envelope or header From'),
    recipient: address('of the envelope'),
    check: Type.Optional(nameSchema('only messages on which this check found a violation')),
    verdict: Type.Optional(
      Type.Union([actionSchema, Type.Literal('would-refuse')], {
        description: 'what was decided; would-refuse: it left, and with every check enforced it would not have',
      }),
    ),
    status: Type.Optional(Type.Enum(messageStatuses)),
    since: Type.Optional(timeSchema('first seen at this time or later')),
    until: Type.Optional(timeSchema('first seen before this time')),
    ...pageQuery(500, 50),
  },
  strict,
)

export const messageOperations = {
  listMessages: {
    method: 'GET',
    path: '/api/messages',
    scope: 'viewer',
    summary: 'Search messages, the newest first',
    query: messageQuerySchema,
    response: messagePageSchema,
  },
  getMessage: {
    method: 'GET',
    path: '/api/messages/{id}',
    scope: 'viewer',
    summary: 'Everything that is known of one message',
    params: idParams,
    response: messageRecordSchema,
    problems: [404],
  },
  getContent: {
    method: 'GET',
    path: '/api/messages/{id}/content',
    scope: 'operator',
    summary: 'The message as received, while the gateway still has it: held, or waiting for delivery. Reading it is audited',
    params: idParams,
    produces: 'message/rfc822',
    problems: [404],
  },
} as const satisfies Record<string, Operation>
