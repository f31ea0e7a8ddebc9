/** What is wrong with a request, in words for who sends it. */
import { descriptionAt, schemaFaults, unknownKey } from '@sallyport/runtime'
import type { TSchema } from 'typebox'

const maxFaults = 10

/** Every fault of `value` by `schema`, at most 10, each with its place and what is wanted there: `query since: must be integer (from, …)`. */
export function requestFault(schema: TSchema, value: unknown, place: 'path' | 'query' | 'body'): string {
  if (place === 'body' && value === undefined) return 'body: is missing: send JSON, with content-type: application/json'
  const faults = schemaFaults(schema, value).slice(0, maxFaults)
  const lines = faults.map(({ path, message }) => {
    const wanted = message === unknownKey ? `known: ${keysOf(schema).join(', ')}` : descriptionAt(schema, path)
    return `${place}${path ? ` ${path}` : ''}: ${message}${wanted === undefined ? '' : ` (${wanted})`}`
  })
  return lines.length > 0 ? lines.join('; ') : `${place}: is not what is asked for`
}

const keysOf = (schema: TSchema): readonly string[] =>
  Object.keys((schema as { properties?: Readonly<Record<string, TSchema>> }).properties ?? {})
