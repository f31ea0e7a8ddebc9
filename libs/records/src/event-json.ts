/**
 * How the JSON of events stands in the database: as it is, or compressed (RFC 1951) behind a byte that no JSON begins with. What one
 * batch tells of a message stands in one row, a line for each event: a row and a compression for each would be half of what the
 * store costs.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { MailEvent } from '@sallyport/contracts'
import { eventDictionary } from './event-dictionary.ts'

/** Compressed with the dictionary of this number. */
const deflated = 1
/** Below it there is little to gain. */
const leastBytes = 300
/** Small windows and outputs: each call makes its own tables, and clearing them costs as much as a short text. */
const options = { dictionary: eventDictionary, level: 1, memLevel: 5, windowBits: 13, chunkSize: 2048 } as const

const newline = 0x0a
const utf8 = new TextDecoder()

/** JSON texts of events of one message. A fifth of the room: what events have in common is most of them. */
export function packEvents(texts: readonly Uint8Array[]): Uint8Array {
  const lines = texts.flatMap((text, index) => (index === 0 ? [oneLine(text)] : [Buffer.of(newline), oneLine(text)]))
  const whole = lines.length === 1 && lines[0] ? lines[0] : Buffer.concat(lines)
  if (whole.byteLength < leastBytes) return whole
  return Buffer.concat([Buffer.of(deflated), deflateRawSync(whole, options)])
}

/** The JSON of each event of a row. */
export const eventTexts = (packed: Uint8Array): readonly string[] =>
  utf8.decode(packed[0] === deflated ? inflateRawSync(packed.subarray(1), { dictionary: eventDictionary }) : packed).split('\n')

export const unpackEvents = (packed: Uint8Array): readonly MailEvent[] =>
  eventTexts(packed).map((text) => JSON.parse(text) as MailEvent)

/** In JSON a line break is white space wherever it stands. */
const oneLine = (text: Uint8Array): Uint8Array =>
  text.includes(newline) ? Buffer.from(utf8.decode(text).replaceAll('\n', ' ')) : text
