/** The trace of a message (W3C Trace Context, level 1). */
import { randomFillSync } from 'node:crypto'

/** One call of the generator for many messages: a call costs more than its bytes. */
const pool = Buffer.alloc(4096)
let used = pool.length

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}

const version00 = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/

/** A traceparent of our own: within the trace that `parent` names where it is well formed, else of a new one that is sampled. */
export function newTraceparent(parent?: string): string {
  const known = parent === undefined ? null : version00.exec(parent.trim())
  if (known) return `00-${known[1]}-${randomHex(8)}-${known[2]}`
  const random = randomHex(24)
  return `00-${random.slice(0, 32)}-${random.slice(32)}-01`
}
