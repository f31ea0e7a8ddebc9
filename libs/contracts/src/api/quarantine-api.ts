/** The quarantine: what is held, and its end. */
import Type, { type Static } from 'typebox'
import { heldSchema } from '../records/held.ts'
import { messageIdSchema } from '../records/message.ts'
import type { Operation } from './operation.ts'
import { countSchema, idParams, nameSchema, nextSchema, pageQuery, reasonTextSchema, strict, timeSchema } from './words.ts'

const { cause, explanation, heldAt, expiresAt, onExpiry } = heldSchema.properties

export const heldSummarySchema = Type.Object({
  id: messageIdSchema,
  application: Type.String(),
  sender: Type.String(),
  recipients: Type.Array(Type.String(), { description: 'those that remain' }),
  contentBytes: Type.Integer(),
  cause,
  explanation,
  heldAt,
  expiresAt,
  onExpiry,
})
export type HeldSummary = Static<typeof heldSummarySchema>

const filterProperties = {
  application: Type.Optional(nameSchema('of the application')),
  cause: Type.Optional(cause),
  text: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'stands in id, sender, a recipient or the explanation' }),
  ),
  before: Type.Optional(timeSchema('held before this time')),
}

export const quarantineQuerySchema = Type.Object({ ...filterProperties, ...pageQuery(1000, 100) }, strict)

export const quarantineSchema = Type.Object({
  held: Type.Array(heldSummarySchema, { description: 'the oldest first' }),
  total: countSchema('that the filter matches, on all pages'),
  next: nextSchema,
})
export type Quarantine = Static<typeof quarantineSchema>

const commandSchema = Type.Union([Type.Literal('release'), Type.Literal('drop')])

/** Delivery acts upon it. */
export const commandAcceptedSchema = Type.Object({ id: messageIdSchema, command: commandSchema })
export type CommandAccepted = Static<typeof commandAcceptedSchema>

export const reasonSchemaOfCommand = Type.Object({ reason: reasonTextSchema }, strict)

/** Either `ids` or a `filter`. */
export const bulkSchema = Type.Object(
  {
    command: commandSchema,
    reason: reasonTextSchema,
    ids: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 1000 })),
    filter: Type.Optional(Type.Object(filterProperties, { ...strict, minProperties: 1, description: 'as of the list' })),
  },
  strict,
)

export const bulkAcceptedSchema = Type.Object({
  command: commandSchema,
  ids: Type.Array(messageIdSchema, { description: 'those that delivery acts upon' }),
  missing: Type.Array(Type.String(), { description: 'ids that are not held' }),
  remaining: countSchema('that the filter matches beyond the 1,000 of one request: ask again'),
})
export type BulkAccepted = Static<typeof bulkAcceptedSchema>

export const quarantineOperations = {
  listQuarantine: {
    method: 'GET',
    path: '/api/quarantine',
    scope: 'viewer',
    summary: 'What is held, the oldest first',
    query: quarantineQuerySchema,
    response: quarantineSchema,
  },
  releaseHeld: {
    method: 'POST',
    path: '/api/quarantine/{id}/release',
    scope: 'operator',
    summary: 'Send a held message on its way',
    params: idParams,
    body: reasonSchemaOfCommand,
    response: commandAcceptedSchema,
    status: 202,
    problems: [404],
  },
  dropHeld: {
    method: 'POST',
    path: '/api/quarantine/{id}/drop',
    scope: 'operator',
    summary: 'Delete a held message; its sender is not told',
    params: idParams,
    body: reasonSchemaOfCommand,
    response: commandAcceptedSchema,
    status: 202,
    problems: [404],
  },
  bulkQuarantine: {
    method: 'POST',
    path: '/api/quarantine/bulk',
    scope: 'operator',
    summary: 'Release or drop many at once, by their ids or by a filter',
    body: bulkSchema,
    response: bulkAcceptedSchema,
    status: 202,
  },
} as const satisfies Record<string, Operation>
