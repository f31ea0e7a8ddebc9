/** Keys of messages: ids that carry their time (UUIDv7) sorted by it, so that what is old stands together; others apart. */
import { isMessageId } from '@sallyport/contracts'

const keyBytes = 17
const timed = 0
const untimed = 1

export function keyOf(messageId: string): Uint8Array {
  if (!isMessageId(messageId)) throw new RangeError(`not a message id: ${messageId}`)
  const key = Buffer.allocUnsafe(keyBytes)
  key[0] = messageId[14] === '7' ? timed : untimed
  key.write(messageId.replaceAll('-', ''), 1, 'hex')
  return key
}

/** The ranges (from inclusive, to exclusive) that hold every row last touched before a moment, and little else. */
export function rangesBefore(atMs: number): readonly { readonly from: Uint8Array; readonly to: Uint8Array }[] {
  const to = Buffer.alloc(keyBytes)
  to[0] = timed
  // The id is older than what is recorded under it, but for clocks that disagree.
  to.writeUIntBE(Math.max(0, Math.floor(atMs)) + clockSlackMs, 1, 6)
  return [
    { from: Uint8Array.of(timed), to },
    { from: Uint8Array.of(untimed), to: Uint8Array.of(untimed + 1) },
  ]
}

const clockSlackMs = 3_600_000
