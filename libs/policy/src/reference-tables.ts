/** The reference of every key of the policy, as Markdown, from its schema. */
import type { JsonSchema } from './structure.ts'

/** One section for each block of keys, in the order of the document. */
export function referenceTables(schema: JsonSchema): string {
  return sections(schema, 'The document', new Set()).join('\n\n')
}

function sections(schema: JsonSchema, title: string, done: Set<string>): string[] {
  const nested = blocksOf(schema, title)
  if (!schema.properties) return nested.flatMap(([name, block]) => sections(block, name, done))
  const lines = Object.entries(schema.properties).map(([key, value]) => {
    const required = schema.required?.includes(key) ? ' (required)' : ''
    const fallback = value.default === undefined ? '' : `\`${String(value.default)}\``
    return `| \`${key}\`${required} | ${kind(value)} | ${fallback} | ${value.description ?? ''} |`
  })
  const table = ['| key | kind | default | meaning |', '| --- | --- | --- | --- |', ...lines].join('\n')
  const text = `### ${title}\n\n${schema.description === undefined ? '' : `${sentence(schema.description)}\n\n`}${table}`
  // The settings of checks stand in two places and are explained once.
  const shape = JSON.stringify(schema.properties)
  if (done.has(shape)) return []
  done.add(shape)
  return [text, ...nested.flatMap(([name, block]) => sections(block, name, done))]
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`

/** The blocks of keys below a schema, with their titles. */
function blocksOf(schema: JsonSchema, title: string): (readonly [string, JsonSchema])[] {
  const below = title === 'The document' ? '' : `${title.replaceAll('`', '')}.`
  const named = Object.entries(schema.properties ?? {}).map(([key, value]) => [`\`${below}${key}\``, value] as const)
  const plain = title.replaceAll('`', '')
  const items = schema.items ? [[`\`${plain}[]\``, schema.items] as const] : []
  const records = Object.values(schema.patternProperties ?? {}).map((value) => [`\`${plain}.<name>\``, value] as const)
  const others = schema.additionalProperties ? [[`\`${plain}.<name>\``, schema.additionalProperties] as const] : []
  const alternatives = (schema.anyOf ?? []).map((value) => [`${title} with \`${value.required?.[0] ?? ''}\``, value] as const)
  return [...records, ...others, ...named, ...items, ...alternatives].filter(([, block]) => isBlock(block))
}

const isBlock = ({ type, items, anyOf }: JsonSchema): boolean =>
  type === 'object' || (items !== undefined && isBlock(items)) || (anyOf ?? []).some(isBlock)

function kind({ enum: words, anyOf, type, items, patternProperties }: JsonSchema): string {
  if (words) return words.map((word) => `\`${word}\``).join(', ')
  if (anyOf) return [...new Set(anyOf.map(kind))].join(' or ')
  if (items) return `list of ${kind(items)}`
  if (patternProperties) return 'keys by name'
  return type === 'object' ? 'keys' : (type ?? '')
}
