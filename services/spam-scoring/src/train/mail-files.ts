/** Reads messages from where people keep them: a folder of messages, a Maildir, an mbox file, or one message. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A larger file is left out of a folder: no message to learn from is so large. An mbox file may be larger. */
const maxMessageBytes = 16 * 1024 * 1024

/** The messages below a path in the order of their names; hidden files are left out. Fails as `readFileSync` does. */
export function* messagesAt(path: string): Generator<Uint8Array> {
  if (!statSync(path).isDirectory()) {
    yield* messagesIn(readFileSync(path))
    return
  }
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue
    const inner = join(path, entry.name)
    if (entry.isDirectory()) yield* messagesAt(inner)
    else if (entry.isFile() && statSync(inner).size <= maxMessageBytes) yield* messagesIn(readFileSync(inner))
  }
}

/** One message, or those of an mbox (RFC 4155): each after a line that begins with `From ` and follows an empty line. */
export function* messagesIn(file: Uint8Array): Generator<Uint8Array> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  if (bytes.toString('latin1', 0, 5) !== 'From ') {
    if (bytes.length > 0) yield bytes
    return
  }
  let start = 0
  while (start !== -1) {
    const lineEnd = bytes.indexOf(0x0a, start)
    if (lineEnd === -1) return
    const next = nextFrom(bytes, lineEnd + 1)
    const message = bytes.subarray(lineEnd + 1, next === -1 ? bytes.length : next)
    if (message.length > 0) yield message
    start = next
  }
}

/** Where the next `From ` line after an empty line begins, or −1. */
function nextFrom(bytes: Buffer, from: number): number {
  for (let at = from; ; at += 5) {
    at = bytes.indexOf('\nFrom ', at)
    if (at === -1) return -1
    const before = bytes[at - 1] === 0x0d ? at - 2 : at - 1
    if (bytes[before] === 0x0a) return at + 1
  }
}
