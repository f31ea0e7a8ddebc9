/** What a value is, in words. */
import type { JsonSchema } from './structure.ts'

/** JSON Schema's name of what the value is; `null` where it is empty, `other` where JSON has no such thing. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : Number.isFinite(value) ? 'number' : 'other'
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'object' ? typeof value : 'other'
}

/** `a text`, `a list`, …; for numbers and booleans in full sentences with their value. */
export function kindWord(value: unknown): string {
  switch (kindOf(value)) {
    case 'null':
      return 'empty'
    case 'string':
      return 'a text'
    case 'integer':
      return 'a whole number'
    case 'number':
      return 'a number'
    case 'boolean':
      return 'true or false'
    case 'array':
      return 'a list'
    case 'object':
      return 'a block of keys'
    default:
      return 'a value that JSON does not know'
  }
}

const longestQuote = 80

/** In double quotes, cut where it is long, control characters escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text)
}

/** What to do about a value of the wrong kind. */
export function wrongKindHint(wanted: string, value: unknown, schema: JsonSchema): string {
  const what = schema.description === undefined ? '' : ` (${schema.description})`
  if (value === null || value === undefined) return `Give it a value or remove the key${what}`
  if (wanted === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    if (schema.examples?.[0] !== undefined) return `Write for example "${schema.examples[0]}"`
    const meant = value === false && schema.enum?.includes('off') ? 'off' : String(value)
    return `Put it in quotes: "${meant}"`
  }
  if (wanted === 'array' && typeof value !== 'object') return `Write a list, also of one: [${String(value).slice(0, longestQuote)}]`
  if (wanted === 'boolean' && typeof value === 'string') return 'Write true or false, without quotes'
  if ((wanted === 'integer' || wanted === 'number') && typeof value === 'string')
    return `Write digits only, without quotes and units${what}`
  if (wanted === 'integer' && typeof value === 'number') return 'Write a whole number'
  if (wanted === 'object') return `Write keys below it, indented${what}`
  return `See docs/policy.md${what}`
}
