/** Cuts a message into a tree of parts without losing a byte, so that what is not changed is written back as it was. */

/** Strings here hold one byte per character (latin1). Lines end in CRLF. */
export interface MimePart {
  /** Unfolded nowhere: each field as it stood, without its last CRLF. */
  readonly fields: readonly string[]
  /** The body of a leaf, or of a part whose structure cannot be followed. */
  readonly body: string
  readonly children: readonly MimePart[]
  readonly boundary: string
  /** What stands before the first and after the last boundary. */
  readonly preamble: string
  readonly epilogue: string
}

const maxDepth = 12

export function fieldName(field: string): string {
  return field
    .slice(0, Math.max(0, field.indexOf(':')))
    .trim()
    .toLowerCase()
}

/** The value of the first field of that name, unfolded; '' when there is none. */
export function fieldValue(fields: readonly string[], name: string): string {
  const field = fields.find((one) => fieldName(one) === name)
  return field === undefined
    ? ''
    : field
        .slice(field.indexOf(':') + 1)
        .replace(/\r\n(?=[ \t])/g, '')
        .trim()
}

export function parseMime(text: string, depth = 0): MimePart {
  const end = text.startsWith('\r\n') ? 0 : text.indexOf('\r\n\r\n')
  const head = end < 0 ? text : text.slice(0, end)
  const body = end < 0 ? '' : text.slice(end + (end === 0 ? 2 : 4))
  const fields = head === '' ? [] : head.split(/\r\n(?![ \t])/)
  const type = fieldValue(fields, 'content-type')
  const boundary = /^multipart\//i.test(type)
    ? (/boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))/i.exec(type)?.slice(1).find(Boolean) ?? '')
    : ''
  const leaf: MimePart = { fields, body, children: [], boundary: '', preamble: '', epilogue: '' }
  if (boundary === '' || depth >= maxDepth) return leaf
  const cuts = delimiters(body, boundary)
  const first = cuts[0]
  const last = cuts.at(-1)
  if (first === undefined || last === undefined || cuts.length < 2) return leaf
  const children: MimePart[] = []
  for (let index = 0; index + 1 < cuts.length; index++) {
    const from = cuts[index]
    const to = cuts[index + 1]
    if (from !== undefined && to !== undefined && !from.isClose)
      children.push(parseMime(body.slice(from.after, to.before), depth + 1))
  }
  const isClosed = last.isClose
  if (!isClosed) children.push(parseMime(body.slice(last.after), depth + 1))
  return {
    fields,
    body: '',
    children,
    boundary,
    preamble: body.slice(0, first.before),
    epilogue: isClosed ? body.slice(last.after) : '',
  }
}

export function writeMime(part: MimePart): string {
  const head = part.fields.length === 0 ? '\r\n' : `${part.fields.join('\r\n')}\r\n\r\n`
  if (part.boundary === '') return head + part.body
  const children = part.children.map((child) => `--${part.boundary}\r\n${writeMime(child)}\r\n`).join('')
  const preamble = part.preamble === '' ? '' : `${part.preamble}\r\n`
  return `${head}${preamble}${children}--${part.boundary}--\r\n${part.epilogue}`
}

interface Delimiter {
  readonly before: number
  readonly after: number
  readonly isClose: boolean
}

/** The boundary lines up to and with the closing one. */
function delimiters(body: string, boundary: string): Delimiter[] {
  const found: Delimiter[] = []
  const mark = `--${boundary}`
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) {
    if (at > 0 && body[at - 1] !== '\n') continue
    const lineEnd = body.indexOf('\r\n', at)
    const rest = body.slice(at + mark.length, lineEnd < 0 ? undefined : lineEnd)
    if (!/^(--)?[ \t]*$/.test(rest)) continue
    const isClose = rest.startsWith('--')
    // the CRLF before a boundary line belongs to the boundary (RFC 2046 section 5.1.1)
    found.push({ before: at >= 2 ? at - 2 : at, after: lineEnd < 0 ? body.length : lineEnd + 2, isClose })
    if (isClose) break
  }
  return found
}
