/** Random bytes from the system's generator, fetched many at a time: one call of it costs more than a message's checks. */

const pool = new Uint8Array(8 * 1024)
let used = pool.length

/** `bytes` (at most 64) cryptographically random bytes in lower-case hex; none is ever handed out twice. */
export function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  const piece = pool.subarray(used, used + bytes)
  used += bytes
  const hex = piece.toHex()
  piece.fill(0)
  return hex
}
