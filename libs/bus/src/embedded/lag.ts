/** How far a watermark is behind the end of a partition. */
import type { Lag } from '../port.ts'
import { type BusStore, offsetsPerEpoch } from './bus-store.ts'
import { publishedAtOf } from './log-row.ts'
import type { PartitionLog } from './partition-log.ts'

export function lagOf(store: BusStore, log: PartitionLog, watermark: number, now: number): Lag {
  const bounds = { from: log.key(watermark), to: log.key(Math.min(log.next, log.firstUnwritten)) }
  const unwritten = log.unwritten(watermark)
  const at = { topic: log.topic.name, partition: log.partition }
  const [oldest] = store.log.range({ ...bounds, limit: 1 })
  const publishedAt = oldest ? publishedAtOf(oldest.value) : unwritten[0]?.publishedAt
  if (!oldest && unwritten.length === 0) return { ...at, records: 0, oldestAgeMs: 0 }
  // Within an epoch offsets have no gaps worth counting; across a start after a crash they have.
  const isOneEpoch = Math.floor(watermark / offsetsPerEpoch) === Math.floor((log.next - 1) / offsetsPerEpoch)
  const records = isOneEpoch ? log.next - watermark : count(store.log.keys(bounds)) + unwritten.length
  return { ...at, records, oldestAgeMs: Math.max(1, now - (publishedAt ?? now)) }
}

function count(keys: Iterable<unknown>): number {
  let found = 0
  for (const _ of keys) found++
  return found
}
