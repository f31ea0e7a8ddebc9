/** A strict reader of multipart/report (RFC 2046, RFC 6522, RFC 3464): asserts what the RFCs demand. For tests only. */
import assert from 'node:assert/strict'
import { type HeaderBlock, headerValues, readHeaderBlock } from '../header/header-block.ts'

export interface ReadPart {
  readonly type: string
  readonly encoding: string
  /** Decoded. */
  readonly body: Buffer
}

export interface ReadReport {
  readonly header: HeaderBlock
  readonly parts: readonly ReadPart[]
  /** The fields of each group of the status part, by lower-case name: first the message's, then those of each recipient. */
  readonly groups: readonly ReadonlyMap<string, string>[]
}

/** Reads a DSN; fails where it is not what RFC 3464 §2 and RFC 6522 §3 ask for. */
export function readReport(bytes: Uint8Array): ReadReport {
  const header = readHeaderBlock(bytes)
  assert.deepEqual(header.faults, [])
  const body = Buffer.from(bytes).subarray(header.headerBytes)
  const [contentType = ''] = one(header, 'content-type')
  assert.match(contentType, /^multipart\/report; report-type=delivery-status; +boundary="[^"]{1,70}"$/)
  const boundary = /boundary="([^"]+)"/.exec(contentType)?.[1] ?? ''
  const pieces = body.toString('latin1').split(`\r\n--${boundary}`)
  assert.equal(pieces.pop(), '--\r\n')
  pieces.shift()
  assert.equal(pieces.length, 3)
  const [outer = ''] = one(header, 'content-transfer-encoding')
  const parts = pieces.map((piece) => readPart(piece, outer))
  const [explanation, status, returned] = parts
  assert.equal(explanation?.type.split(';')[0], 'text/plain')
  assert.match(status?.type ?? '', /^message\/(?:global-)?delivery-status$/)
  assert.match(returned?.type ?? '', /^(?:text\/rfc822-headers|message\/rfc822|message\/global|message\/global-headers)$/)
  return { header, parts, groups: readGroups(status?.body ?? Buffer.alloc(0)) }
}

const one = (block: HeaderBlock, name: string): readonly string[] => {
  const values = headerValues(block, name)
  assert.equal(values.length, 1, name)
  return values
}

function readPart(piece: string, outer: string): ReadPart {
  assert.ok(piece.startsWith('\r\n'))
  const bytes = Buffer.from(piece.slice(2), 'latin1')
  const header = readHeaderBlock(bytes)
  assert.deepEqual(header.faults, [])
  const [type = ''] = one(header, 'content-type')
  const [encoding = ''] = one(header, 'content-transfer-encoding')
  const body = bytes.subarray(header.headerBytes)
  // RFC 2045 §6.4: a composite part is at least what its parts are.
  if (encoding === '8bit') assert.equal(outer, '8bit')
  // RFC 2046 §5.2.1, RFC 3464 §2.1.
  if (type === 'message/rfc822' || type === 'message/delivery-status') assert.match(encoding, /^[78]bit$/)
  if (encoding === '7bit' || encoding === 'quoted-printable') assert.ok(body.every((byte) => byte < 128 && byte !== 0))
  for (const line of body.toString('latin1').split('\r\n')) assert.ok(line.length <= 998 && !/[\r\n]/.test(line))
  return { type, encoding, body: encoding === 'quoted-printable' ? decodeQuotedPrintable(body) : body }
}

const decodeQuotedPrintable = (body: Buffer): Buffer =>
  Buffer.from(
    body
      .toString('latin1')
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )

const messageFields = ['original-envelope-id', 'reporting-mta', 'dsn-gateway', 'received-from-mta', 'arrival-date']
const recipientFields = [
  'original-recipient',
  'final-recipient',
  'action',
  'status',
  'remote-mta',
  'diagnostic-code',
  'last-attempt-date',
  'final-log-id',
  'will-retry-until',
]

/** RFC 3464 §2.1: groups of fields, separated by one empty line. */
function readGroups(body: Buffer): ReadonlyMap<string, string>[] {
  const groups = body
    .toString()
    .split('\r\n\r\n')
    .map((group) => readGroup(group.endsWith('\r\n') ? group : `${group}\r\n`))
  const [message, ...recipients] = groups
  assert.match(message?.get('reporting-mta') ?? '', /^dns; \S+$/)
  assert.ok([...(message?.keys() ?? [])].every((name) => messageFields.includes(name)))
  assert.ok(recipients.length > 0)
  for (const recipient of recipients) {
    assert.ok([...recipient.keys()].every((name) => recipientFields.includes(name)))
    assert.match(recipient.get('final-recipient') ?? '', /^[a-z0-9-]+; .+$/)
    assert.match(recipient.get('action') ?? '', /^(?:failed|delayed|delivered|relayed|expanded)$/)
    assert.match(recipient.get('status') ?? '', /^[245]\.\d{1,3}\.\d{1,3}$/)
  }
  return groups
}

function readGroup(text: string): ReadonlyMap<string, string> {
  const block = readHeaderBlock(Buffer.from(`${text}\r\n`))
  assert.deepEqual(block.faults, [])
  assert.equal(new Set(block.fields.map((field) => field.lowerName)).size, block.fields.length)
  return new Map(block.fields.map((field) => [field.lowerName, field.value]))
}
