/**
 * Content with room before it in memory. What is written of a message is one piece with the content at its end: put into that room, what
 * stands before the content makes no copy of it necessary.
 */

/** What stands before the content of a message with some recipients takes 1 to 3 KiB. */
const roomBytes = 4 * 1024
const withRoom = new WeakSet<Uint8Array>()

/** The pieces as one. */
export function joinBehindRoom(pieces: readonly Uint8Array[]): Buffer {
  let bytes = 0
  for (const piece of pieces) bytes += piece.byteLength
  const content = Buffer.allocUnsafeSlow(roomBytes + bytes).subarray(roomBytes)
  let at = 0
  for (const piece of pieces) {
    content.set(piece, at)
    at += piece.byteLength
  }
  withRoom.add(content)
  return content
}

/**
 * The `bytes` before the content, to be filled, and the content, as one. Undefined where there is no room for them, or somebody has it
 * already.
 */
export function takeRoomBefore(content: Uint8Array, bytes: number): Buffer | undefined {
  if (bytes > roomBytes || !withRoom.delete(content)) return undefined
  return Buffer.from(content.buffer, content.byteOffset - bytes, bytes + content.byteLength)
}
