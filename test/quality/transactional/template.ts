/**
 * Templates and what they become. In a template `{name}` is a value, `{a|b|c}` a choice of wording; paragraphs are parted by blank lines.
 * `# ` heads, `- ` lists, `| key | value` rows a table, `[[label]]` alone is a button, `{items}` alone a table of goods.
 */
import type { Random } from './random.ts'

export const kinds = [
  'receipt', 'invoice', 'shipping', 'password', 'code', 'alert', 'invitation', 'newsletter', 'statement', 'build', 'sign-in', 'reminder',
] as const // biome-ignore format: a list
export type Kind = (typeof kinds)[number]

export interface Template {
  readonly kind: Kind
  /** The local part of the sender's address and how it is called. */
  readonly from: string
  readonly subject: string
  readonly text: string
}

export type Block =
  | { readonly type: 'paragraph' | 'heading' | 'button'; readonly text: string }
  | { readonly type: 'list'; readonly items: readonly string[] }
  | { readonly type: 'table'; readonly rows: readonly (readonly string[])[] }

export interface Values {
  /** The value of a name; throws for one that does not exist. */
  readonly value: (name: string) => string
  readonly items: () => readonly (readonly string[])[]
}

export function fill(text: string, random: Random, values: Values): string {
  let filled = text
  // choices may hold values, so the inner braces go first
  while (/\{[^{}]+\}/.test(filled)) {
    filled = filled.replace(/\{([^{}]+)\}/g, (_, inside: string) =>
      inside.includes('|') ? random.pick(inside.split('|')) : values.value(inside),
    )
  }
  return filled
}

export function blocksOf(template: Template, random: Random, values: Values): readonly Block[] {
  return template.text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph): Block => {
      const trimmed = paragraph.trim()
      if (trimmed === '{items}') return { type: 'table', rows: values.items() }
      const text = fill(trimmed, random, values)
      const lines = text.split('\n').map((line) => line.trim())
      if (trimmed.startsWith('| ')) return { type: 'table', rows: lines.map((line) => line.slice(2).split(' | ')) }
      if (trimmed.startsWith('- ')) return { type: 'list', items: lines.map((line) => line.slice(2)) }
      if (trimmed.startsWith('# ')) return { type: 'heading', text: text.slice(2) }
      const button = /^\[\[(.+)\]\]$/.exec(text)?.[1]
      return button === undefined ? { type: 'paragraph', text: lines.join('\n') } : { type: 'button', text: button }
    })
}
