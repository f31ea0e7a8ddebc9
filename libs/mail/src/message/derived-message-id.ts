/** Ids of messages of our own that are made again when their making is repeated. */
import { createHash } from 'node:crypto'
import { messageIdTimeMs, withMessageIdTime } from '@sallyport/contracts/basics'

/**
 * A UUIDv8 (RFC 9562 §5.8) with the time of the message that it is derived from, as a UUIDv7 has it, and SHA-256 of the parts, in
 * order: the same parts always give the same id, so that a repeat is the same message. Boundaries between parts count.
 */
export function derivedMessageId(from: string, ...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256')
  for (const part of [from, ...parts]) hash.update(`${Buffer.byteLength(String(part))}:${part};`)
  const hex = hash.digest('hex')
  const variant = (8 + (Number.parseInt(hex.charAt(16), 16) & 3)).toString(16)
  const spread = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  return withMessageIdTime(spread, messageIdTimeMs(from))
}
