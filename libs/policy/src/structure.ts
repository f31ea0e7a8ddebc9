/** Checks a value against the part of JSON Schema that the policy uses, and says what is wrong in words of a mail admin. */
import { closestWord } from './closest-word.ts'
import type { Findings, Path } from './fault.ts'
import { isLiteralSecretKey, secretHint } from './rules/secrets.ts'
import { kindOf, kindWord, quoted, wrongKindHint } from './value-words.ts'

export interface JsonSchema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly JsonSchema[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly minItems?: number
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: false | JsonSchema
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly propertyNames?: { readonly pattern: string }
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
}

/** Reports every unknown, missing, misplaced or misshapen value. Goes no deeper than the schema does. */
export function checkStructure(schema: JsonSchema, value: unknown, path: Path, findings: Findings): void {
  if (schema.anyOf) {
    checkAlternatives(schema, schema.anyOf, value, path, findings)
    return
  }
  const wanted = schema.enum ? 'string' : (schema.type ?? 'object')
  const kind = kindOf(value)
  if (kind !== wanted && !(wanted === 'number' && kind === 'integer')) {
    findings.fault(path, `is ${kindWord(value)}, not ${kindName(wanted)}`, wrongKindHint(wanted, value, schema))
    return
  }
  if (typeof value === 'string') checkText(schema, value, path, findings)
  else if (typeof value === 'number') checkNumber(schema, value, path, findings)
  else if (Array.isArray(value)) checkList(schema, value, path, findings)
  else if (kind === 'object') checkBlock(schema, value as Record<string, unknown>, path, findings)
}

const kindName = (wanted: string): string => kindWord(sampleOf[wanted as keyof typeof sampleOf])
const sampleOf = { string: 'x', integer: 1, number: 1.5, boolean: true, array: [], object: {} } as const

function checkText(schema: JsonSchema, value: string, path: Path, findings: Findings): void {
  if (schema.enum) {
    if (schema.enum.includes(value)) return
    const meant = closestWord(value, schema.enum)
    const hint = meant === undefined ? `Choose one of ${schema.enum.join(', ')}` : `Did you mean ${quoted(meant)}?`
    findings.fault(path, `is ${quoted(value)}, which is none of ${schema.enum.join(', ')}`, hint)
  } else if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) {
    if (path.at(-1) === 'secret') return // rules/secrets.ts says more, and does not repeat what may be a password
    findings.fault(path, `is ${quoted(value)}, which does not have the form wanted here`, formHint(schema))
  } else if (schema.minLength !== undefined && value.length < schema.minLength) {
    findings.fault(path, 'is empty', formHint(schema))
  } else if (schema.maxLength !== undefined && value.length > schema.maxLength) {
    findings.fault(path, `has ${value.length} characters, more than ${schema.maxLength}`, 'Shorten it')
  }
}

function formHint({ examples, description = 'something' }: JsonSchema): string {
  return examples?.[0] === undefined ? `Write ${description}` : `Write for example ${quoted(String(examples[0]))} (${description})`
}

function checkNumber({ minimum }: JsonSchema, value: number, path: Path, findings: Findings): void {
  if (minimum !== undefined && value < minimum)
    findings.fault(path, `is ${value}, less than ${minimum}`, `Write ${minimum} or more`)
}

function checkList({ items, minItems }: JsonSchema, value: readonly unknown[], path: Path, findings: Findings): void {
  if (minItems !== undefined && value.length < minItems) findings.fault(path, 'is an empty list', 'Name at least one')
  if (items) for (const [index, item] of value.entries()) checkStructure(items, item, [...path, index], findings)
}

function checkBlock(schema: JsonSchema, value: Record<string, unknown>, path: Path, findings: Findings): void {
  for (const key of schema.required ?? []) {
    if (Object.hasOwn(value, key)) continue
    const description = schema.properties?.[key]?.description
    findings.fault([...path, key], 'is missing', `Add "${key}:"${description === undefined ? '' : `, ${description}`}`)
  }
  for (const [key, item] of Object.entries(value)) checkKey(schema, key, item, [...path, key], findings)
}

function checkKey(schema: JsonSchema, key: string, item: unknown, path: Path, findings: Findings): void {
  const named = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined
  if (named) {
    checkStructure(named, item, path, findings)
    return
  }
  const [pattern, other] = Object.entries(schema.patternProperties ?? {})[0] ?? [
    schema.propertyNames?.pattern,
    schema.additionalProperties,
  ]
  if (!other) {
    unknownKey(Object.keys(schema.properties ?? {}), key, path, findings)
    return
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(key)) {
    findings.fault(path, `${quoted(key)} cannot be a name`, 'Use lower-case letters, digits and dashes, and begin with a letter')
  }
  checkStructure(other, item, path, findings)
}

function unknownKey(known: readonly string[], key: string, path: Path, findings: Findings): void {
  if (isLiteralSecretKey(key)) {
    findings.fault(path, `a policy holds no secrets, so there is no key ${quoted(key)}`, secretHint)
    return
  }
  const meant = closestWord(key, known)
  const hint = meant === undefined ? `Known here: ${known.join(', ')}` : `Did you mean ${quoted(meant)}?`
  findings.fault(path, `unknown key ${quoted(key)}`, hint)
}

/** Judges by the alternative that was meant: the one of the same kind, and among blocks the one whose required key is there. */
function checkAlternatives(
  schema: JsonSchema,
  alternatives: readonly JsonSchema[],
  value: unknown,
  path: Path,
  findings: Findings,
): void {
  const kind = kindOf(value)
  const sameKind = alternatives.filter((one) => (one.enum ? 'string' : one.type) === kind)
  const keys = new Set(kind === 'object' ? Object.keys(value as object) : [])
  const meant = sameKind.length < 2 ? sameKind[0] : sameKind.find(({ required = [] }) => required.some((key) => keys.has(key)))
  if (meant) {
    checkStructure(meant, value, path, findings)
    return
  }
  const wanted = alternatives.map((one) =>
    one.type === 'object' ? quoted(one.required?.[0] ?? '') : kindName(one.enum ? 'string' : (one.type ?? '')),
  )
  const hint = schema.description === undefined ? 'See docs/policy.md' : `Write ${schema.description}`
  if (sameKind.length > 1) findings.fault(path, `has neither ${wanted.join(' nor ')}`, `Add one of them`)
  else findings.fault(path, `is ${kindWord(value)}, not ${wanted.join(' or ')}`, hint)
}
