/** The trace of a message (W3C Trace Context, level 1). */
import { randomBytes } from 'node:crypto'

const version00 = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/

/** A traceparent of our own: within the trace that `parent` names where it is well formed, else of a new one that is sampled. */
export function newTraceparent(parent?: string): string {
  const known = parent === undefined ? null : version00.exec(parent.trim())
  if (known) return `00-${known[1]}-${randomBytes(8).toString('hex')}-${known[2]}`
  const random = randomBytes(24).toString('hex')
  return `00-${random.slice(0, 32)}-${random.slice(32)}-01`
}
