/** The schemas that records share, each written once. */
import type { TSchema } from 'typebox'
import { reasonSchema } from '../records/annotation.ts'
import { recipientResultSchema } from '../records/event.ts'
import { clientSchema, contentRefSchema, messageSchema, recipientSchema } from '../records/message.ts'
import { contributionSchema, verdictSchema, waitsSchema } from '../records/verdict.ts'
import { type DescribedRecord, describedRecords } from './described-records.ts'

const parts: Readonly<Record<string, TSchema>> = {
  message: messageSchema,
  recipient: recipientSchema,
  client: clientSchema,
  contentRef: contentRefSchema,
  verdictOutcome: verdictSchema,
  contribution: contributionSchema,
  waits: waitsSchema,
  reason: reasonSchema,
  recipientResult: recipientResultSchema,
}

/** By name: every record's own schema and the parts that several share, with references between them. */
export function namedSchemas(): Record<string, unknown> {
  const records = Object.entries<DescribedRecord>(describedRecords).map(([name, { schema }]) => [name, schema] as const)
  const all: ReadonlyMap<string, TSchema> = new Map([...Object.entries(parts), ...records])
  const nameOf = new Map([...all].map(([name, schema]) => [JSON.stringify(schema), name]))

  function referring(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(referring)
    if (typeof value !== 'object' || value === null) return value
    const name = nameOf.get(JSON.stringify(value))
    return name === undefined ? inside(value) : { $ref: `#/components/schemas/${name}` }
  }
  const inside = (value: object): Record<string, unknown> =>
    Object.fromEntries(Object.entries(value).map(([key, child]) => [key, referring(child)]))

  return Object.fromEntries([...all].map(([name, schema]) => [name, inside(schema)]))
}
