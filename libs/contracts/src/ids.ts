/** Message ids (UUIDv7, RFC 9562 §5.7) and the one hash that spreads keys over partitions. */

import { randomHex } from './random.ts'

let lastMs = 0
let sequence = 0

/** A new message id: UUIDv7, monotonic within this process (RFC 9562 §6.2, method 1). */
export function newMessageId(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs
    sequence = Math.floor(Math.random() * 0x800)
  } else if (++sequence > 0xfff) {
    lastMs++
    sequence = 0
  }
  const tail = randomHex(8)
  const time = lastMs.toString(16).padStart(12, '0')
  const variant = '89ab'[Number.parseInt(tail.charAt(0), 16) & 3]
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, '0')}-${variant}${tail.slice(1, 4)}-${tail.slice(4, 16)}`
}

/** True for the textual form that `newMessageId` and `derivedMessageId` make (any UUID, lower case). */
export function isMessageId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text)
}

/** When a message id was made, in ms since the epoch; of a derived id: when what it is derived from was made. */
export function messageIdTimeMs(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

/** The same id with another time in it. Ids sort by their times. */
export function withMessageIdTime(id: string, timeMs: number): string {
  const time = timeMs.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}${id.slice(13)}`
}

/** Below every id made at this time or later, and above every one made before. */
export const messageIdBound = (timeMs: number): string => withMessageIdTime('00000000-0000-0000-0000-000000000000', timeMs)

/** FNV-1a over the UTF-16 code units, 32 bits, finished as murmur3 does: cheap, stable, the same in every process. */
export function hashKey(key: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The partition (0 … partitions−1) of a key. Both bus adapters use it, so a key stays where it is. */
export function partitionOf(key: string, partitions: number): number {
  return hashKey(key) % partitions
}
