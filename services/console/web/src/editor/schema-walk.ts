/** What a JSON Schema says of a place in a document: which keys and values may stand there, and what they mean. */

/** As much of JSON Schema (2020-12) as the policy's schema uses. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: boolean | JsonSchema
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly examples?: readonly unknown[]
}

export type Path = readonly (string | number)[]

/** Every schema that may hold at a path: several where the document has a choice; none where nothing may stand. */
export function schemasAt(schema: JsonSchema, path: Path): readonly JsonSchema[] {
  let found = alternatives(schema)
  for (const step of path) found = found.flatMap((one) => below(one, step)).flatMap(alternatives)
  return found
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  return choices.length === 0 ? [schema] : [schema, ...choices.flatMap(alternatives)]
}

function below(schema: JsonSchema, step: string | number): readonly JsonSchema[] {
  if (typeof step === 'number') return schema.items ? [schema.items] : []
  const named = schema.properties?.[step]
  if (named) return [named]
  const matching = Object.entries(schema.patternProperties ?? {}).filter(([pattern]) => new RegExp(pattern, 'u').test(step))
  if (matching.length > 0) return matching.map(([, one]) => one)
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
}

export interface KeyOffer {
  readonly key: string
  readonly description: string
  readonly isRequired: boolean
}

/** The keys that may stand in the map at a path and do not yet, those that must first. */
export function keysAt(schema: JsonSchema, path: Path, present: readonly string[]): readonly KeyOffer[] {
  const offers = new Map<string, KeyOffer>()
  for (const one of schemasAt(schema, path)) {
    for (const [key, { description = '' }] of Object.entries(one.properties ?? {})) {
      if (present.includes(key)) continue
      offers.set(key, { key, description, isRequired: one.required?.includes(key) ?? false })
    }
  }
  return [...offers.values()].sort((a, b) => Number(b.isRequired) - Number(a.isRequired))
}

/** The values that a schema names for a place, as they are written. */
export function valuesAt(schema: JsonSchema, path: Path): readonly string[] {
  const values = schemasAt(schema, path).flatMap((one) => {
    if (one.const !== undefined) return [one.const]
    if (one.enum) return one.enum
    return one.type === 'boolean' ? [true, false] : []
  })
  return [...new Set(values.map(String))]
}

/** What stands there, for people: the description, the default and the choices. */
export function meaningAt(schema: JsonSchema, path: Path): string | undefined {
  const found = schemasAt(schema, path)
  const description = found.find((one) => one.description)?.description
  const fallback = found.find((one) => one.default !== undefined)?.default
  const values = valuesAt(schema, path)
  const parts = [
    description,
    values.length > 0 ? `One of: ${values.join(', ')}.` : undefined,
    fallback === undefined ? undefined : `Default: ${String(fallback)}.`,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : parts.join('\n')
}
