/** A message as lines that can be compared, for tests only. */
import type { MimeMessage, MimePart } from './port.ts'

export const bodyOf = (message: MimeMessage, part: MimePart): string =>
  Buffer.from(message.content.subarray(part.bodyStart, part.bodyEnd)).toString('latin1')

/** `multipart/mixed`, `  text/plain: "body"`, … */
export function outlineOf(message: MimeMessage): readonly string[] {
  return message.parts.map((part) => {
    const body = part.children.length > 0 ? '' : `: ${JSON.stringify(bodyOf(message, part))}`
    return `${'  '.repeat(part.depth)}${part.mediaType}${body}`
  })
}

/** `0 multipart-empty`: the part, and a fault of it. */
export const faultsOf = (message: MimeMessage): readonly string[] =>
  message.parts.flatMap((part) => part.faults.map((fault) => `${part.index} ${fault}`))
