/** What a schema finds wrong, in words that name each place, and every choice that there is. */
import type { TSchema } from 'typebox'
import { Settings } from 'typebox/system'
import { Value } from 'typebox/value'

export interface SchemaFault {
  /** Dotted, as in `--set`. */
  readonly path: string
  readonly message: string
}

/** The message for a key that the schema does not have. */
export const unknownKey = 'is not known'

type SchemaError = ReturnType<typeof Value.Errors>[number]

/** One fault for each place at most. */
export function schemaFaults(schema: TSchema, value: unknown): readonly SchemaFault[] {
  const errors = allErrors(schema, value)
  const choices = choicesOf(errors)
  const faults = new Map<string, SchemaFault>()
  for (const error of errors) {
    if (error.keyword === 'additionalProperties') continue
    for (const fault of said(schema, error, choices)) if (!faults.has(fault.path)) faults.set(fault.path, fault)
  }
  return [...faults.values()]
}

function said(schema: TSchema, error: SchemaError, choices: ReadonlyMap<string, readonly unknown[]>): readonly SchemaFault[] {
  const path = error.instancePath.slice(1).replaceAll('/', '.')
  const among = choices.get(error.instancePath)
  if (among !== undefined) return [{ path, message: `must be one of ${among.join(', ')}` }]
  if (error.keyword === 'boolean') return [{ path, message: unknownKey }]
  // Beside the words on what is wanted a pattern says nothing to who does not read patterns.
  if (error.keyword === 'pattern' && descriptionAt(schema, path) !== undefined)
    return [{ path, message: 'does not have the form that is wanted' }]
  if (error.keyword !== 'required') return [{ path, message: error.message }]
  return error.params.requiredProperties.map((name) => ({ path: path ? `${path}.${name}` : name, message: 'is missing' }))
}

/** What is asked for at this place; of a place within one that has no words of its own, that of the one around it. */
export function descriptionAt(schema: TSchema, path: string): string | undefined {
  let place: TSchema | undefined = schema
  if (path === '') return (place as { description?: string }).description
  let found: string | undefined
  for (const name of path.split('.')) {
    const { properties, items } = place as { properties?: Readonly<Record<string, TSchema>>; items?: TSchema }
    place = properties?.[name] ?? (/^\d+$/.test(name) ? items : undefined)
    if (place === undefined) break
    found = (place as { description?: string }).description ?? found
  }
  return found
}

/** By place: the words of an enumeration, or of a union, each of which makes an error of its own. */
function choicesOf(errors: readonly SchemaError[]): ReadonlyMap<string, readonly unknown[]> {
  const choices = new Map<string, unknown[]>()
  for (const { keyword, instancePath, params } of errors) {
    const words = keyword === 'enum' ? params.allowedValues : keyword === 'const' ? [params.allowedValue] : []
    if (words.length > 0) choices.set(instancePath, [...(choices.get(instancePath) ?? []), ...words])
  }
  return choices
}

/** TypeBox stops after eight errors unless told otherwise, and one wrong word of seven choices makes eight. */
function allErrors(schema: TSchema, value: unknown): readonly SchemaError[] {
  const { maxErrors } = Settings.Get()
  Settings.Set({ maxErrors: 1_000 })
  try {
    return Value.Errors(schema, value)
  } finally {
    Settings.Set({ maxErrors })
  }
}
