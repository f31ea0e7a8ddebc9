/** The plain text form of a message. */
import type { Block } from './template.ts'

/** Lines end in CRLF; `buttonLink` stands where the HTML form has a button. */
export function plainText(blocks: readonly Block[], buttonLink: string, style: 'rules' | 'bare'): string {
  const paragraphs = blocks.map((block) => plainBlock(block, buttonLink, style === 'rules'))
  return `${paragraphs.join('\n\n').replaceAll('\n', '\r\n')}\r\n`
}

function plainBlock(block: Block, buttonLink: string, hasRules: boolean): string {
  switch (block.type) {
    case 'paragraph':
      return block.text
    case 'heading':
      return hasRules ? `${block.text}\n${'='.repeat(Math.min(60, block.text.length))}` : block.text
    case 'button':
      return `${block.text}:\n${buttonLink}`
    case 'list':
      return block.items.map((item) => `${hasRules ? '*' : '-'} ${item}`).join('\n')
    case 'table':
      return block.rows.map((row) => row.join(hasRules ? '  ' : ': ')).join('\n')
  }
}
