/**
 * Makes of a collected message what its sender may have handed over, without what tells labels or sources apart. Kept is
 * what an application writes and a filter may judge: From, Reply-To, Subject, priority, the MIME structure and the text.
 * Everything else goes: verdicts, relays, lists and dates, but also Message-ID, threading, Cc, Sender and the mailer's name,
 * since they tell a discussion list of 2002 from a mailbox of 2023 better than ham from spam.
 */
import { withoutListFooter } from './list-footer.ts'
import { fieldName, fieldValue, type MimePart, parseMime, writeMime } from './mime-tree.ts'
import { inventedAddress, recipient, withoutMaskInWords, withoutRedaction } from './redaction.ts'

/** In the order in which they are written. */
const keptFields = ['reply-to', 'x-priority', 'importance', 'mime-version']
const constantFields = [
  `To: ${recipient}`,
  'Date: Mon, 06 Jan 2025 10:00:00 +0000',
  'Message-ID: <20250106100000.1@client.example>',
]
const listFields = ['x-beenthere', 'list-post', 'list-id', 'x-mailing-list', 'mailing-list']

/** Pure. `id` seeds the addresses that stand for removed ones. The result has CRLF line ends and no mbox `From ` line. */
export function strip(content: Uint8Array, id: string): Uint8Array {
  const text = asSent(Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1'))
  const message = hoisted(cleaned(parseMime(text), id))
  return Buffer.from(writeMime({ ...message, fields: header(message.fields, id) }), 'latin1')
}

/** Without the mbox line, with CRLF. */
function asSent(text: string): string {
  const start = /^>?From /.test(text) ? text.indexOf('\n') + 1 : 0
  return withoutMaskInWords(text.slice(start).replace(/\r?\n/g, '\r\n'))
}

function header(fields: readonly string[], id: string): string[] {
  const named = (name: string) => fields.find((field) => fieldName(field) === name)
  const from = named('from')
  const subject = named('subject')
  const kept = [
    from === undefined ? undefined : fromField(from, fields, id),
    ...constantFields,
    subject === undefined ? undefined : subjectField(subject),
  ]
  const answersList = namesList(fields, 'reply-to')
  for (const name of keptFields) if (name !== 'reply-to' || !answersList) kept.push(named(name))
  kept.push(...fields.filter((field) => fieldName(field).startsWith('content-') && fieldName(field) !== 'content-length'))
  return kept.filter((field) => field !== undefined).map((field) => withoutRedaction(field, id))
}

/** A removed author gets one address instead of the marks for name and address, an author behind a list's address his own. */
function fromField(field: string, fields: readonly string[], id: string): string {
  if (field.includes('[removed]') || field.trim().length < 6) return `From: ${inventedAddress(id)}`
  if (!namesList(fields, 'from')) return field
  return `From: ${field
    .slice(5)
    .replace(/<[^>]*>|\bvia\b.*/gs, '')
    .trim()} <${inventedAddress(id)}>`
}

/** Without a filter's mark and a list's tag at the beginning, also after `Re:`. */
function subjectField(field: string): string {
  return field.replace(/^(subject:\s*)((?:(?:re|fwd?|aw|sv):\s*)*)(?:\[[^\]\r\n]{1,40}\]\s*)+/i, '$1$2')
}

/** Whether the address in this field is one that the list's own fields name. */
function namesList(fields: readonly string[], name: string): boolean {
  const address = /[^\s<>"(),;]+@[^\s<>"(),;]+/.exec(fieldValue(fields, name))?.[0].toLowerCase().replace('@', '.')
  return (
    address !== undefined && listFields.some((list) => fieldValue(fields, list).toLowerCase().replace('@', '.').includes(address))
  )
}

/** Footers and redactions out of every text; a part that was nothing but a footer is dropped. */
function cleaned(part: MimePart, id: string): MimePart {
  if (part.boundary !== '') {
    const children = part.children
      .map((child) => cleaned(child, id))
      .filter((child, index) => !isEmptied(child, part.children[index]))
    return children.length === 0 ? part : { ...part, children, epilogue: withoutListFooter(part.epilogue) }
  }
  if (!/^(?:text\/|$)/i.test(fieldValue(part.fields, 'content-type'))) return part
  const encoding = fieldValue(part.fields, 'content-transfer-encoding').toLowerCase()
  const plain = decoded(part.body, encoding)
  const clean = withoutRedaction(withoutListFooter(plain), id)
  return clean === plain ? part : { ...part, body: encoded(clean, encoding) }
}

function isEmptied(child: MimePart, original: MimePart | undefined): boolean {
  return child.boundary === '' && child.body.trim() === '' && original !== undefined && original.body.trim() !== ''
}

/** A list wraps what it adds a footer to: without the footer the one part left stands for the whole. */
function hoisted(message: MimePart): MimePart {
  const only = message.children[0]
  if (message.children.length !== 1 || only === undefined || !/^multipart\/mixed/i.test(fieldValue(message.fields, 'content-type')))
    return message
  const outer = message.fields.filter((field) => !fieldName(field).startsWith('content-'))
  return { ...only, fields: [...outer, ...only.fields.filter((field) => fieldName(field).startsWith('content-'))] }
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('latin1')
  if (encoding !== 'quoted-printable') return body
  return body
    .replace(/=[ \t]*\r\n/g, '')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function encoded(text: string, encoding: string): string {
  if (encoding === 'base64')
    return Buffer.from(text, 'latin1')
      .toString('base64')
      .replace(/(.{76})(?=.)/g, '$1\r\n')
  return encoding === 'quoted-printable' ? quotedPrintable(text) : text
}

/** RFC 2045 section 6.7 of a text with one byte per character; lines end in CRLF. */
export function quotedPrintable(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/[^\t\x20-\x3c\x3e-\x7e]/g, (byte) => `=${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
        .replace(/[ \t]$/, (last) => (last === ' ' ? '=20' : '=09')),
    )
    .map(softBroken)
    .join('\r\n')
}

/** Lines of at most 76 characters that never cut an escape. */
function softBroken(line: string): string {
  const pieces: string[] = []
  let rest = line
  while (rest.length > 76) {
    let end = 75
    if (rest[end - 1] === '=') end -= 1
    else if (rest[end - 2] === '=') end -= 2
    pieces.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return [...pieces, rest].join('=\r\n')
}
