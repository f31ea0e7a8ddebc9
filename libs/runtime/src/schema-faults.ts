/** What a schema finds wrong with settings, in words that name each setting, and every choice of it. */
import type { TSchema } from 'typebox'
import { Settings } from 'typebox/system'
import { Value } from 'typebox/value'

export interface SchemaFault {
  /** Dotted, as in `--set`. */
  readonly path: string
  readonly message: string
}

type SchemaError = ReturnType<typeof Value.Errors>[number]

/** One fault for each setting at most. Unknown keys are not told. */
export function schemaFaults(schema: TSchema, value: unknown): readonly SchemaFault[] {
  const errors = allErrors(schema, value)
  const choices = choicesOf(errors)
  const faults = new Map<string, SchemaFault>()
  for (const error of errors) {
    if (error.keyword === 'additionalProperties') continue
    for (const fault of said(error, choices)) if (!faults.has(fault.path)) faults.set(fault.path, fault)
  }
  return [...faults.values()]
}

function said(error: SchemaError, choices: ReadonlyMap<string, readonly unknown[]>): readonly SchemaFault[] {
  const path = error.instancePath.slice(1).replaceAll('/', '.')
  const among = choices.get(error.instancePath)
  if (among !== undefined) return [{ path, message: `must be one of ${among.join(', ')}` }]
  if (error.keyword !== 'required') return [{ path, message: error.message }]
  return error.params.requiredProperties.map((name) => ({ path: path ? `${path}.${name}` : name, message: 'is missing' }))
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
