/** The beginning of a stream. */

/** At most `maxBytes` of it; the source is closed when they are there. Chunks are views. */
export async function* firstBytes(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncIterable<Uint8Array> {
  let leftBytes = maxBytes
  if (leftBytes <= 0) return
  for await (const chunk of source) {
    if (chunk.byteLength === 0) continue
    yield chunk.byteLength <= leftBytes ? chunk : chunk.subarray(0, leftBytes)
    leftBytes -= chunk.byteLength
    if (leftBytes <= 0) return
  }
}
