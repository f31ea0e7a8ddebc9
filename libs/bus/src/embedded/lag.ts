/** How far a watermark is behind the end of a partition. */
import type { Lag } from '../port.ts'
import { type BusStore, offsetsPerEpoch } from './bus-store.ts'
import { offsetOf, publishedAtOf } from './log-row.ts'
import type { PartitionLog } from './partition-log.ts'

export function lagOf(store: BusStore, log: PartitionLog, watermark: number, now: number): Lag {
  const bounds = { from: log.key(watermark), to: log.key(Math.min(log.next, log.firstUnwritten)) }
  const unwritten = log.unwritten(watermark)
  const at = { topic: log.topic.name, partition: log.partition }
  const [oldest] = store.log.range({ ...bounds, limit: 1 })
  const publishedAt = oldest ? publishedAtOf(oldest.value) : unwritten[0]?.publishedAt
  if (!oldest && unwritten.length === 0) return { ...at, records: 0, oldestAgeMs: 0 }
  // Within an epoch offsets have no gaps worth counting; across a start after a crash they have, also before its first record.
  const isOneEpoch = Math.floor(watermark / offsetsPerEpoch) === Math.floor(log.next / offsetsPerEpoch)
  const records = isOneEpoch ? log.next - watermark : written(store, log, bounds) + unwritten.length
  return { ...at, records, oldestAgeMs: Math.max(1, now - (publishedAt ?? now)) }
}

/** By the first and the last of each epoch, however many stand between: a long lag is asked for as often as a short one. */
function written(store: BusStore, log: PartitionLog, { from, to }: { readonly from: Buffer; readonly to: Buffer }): number {
  let found = 0
  for (let [first] = store.log.keys({ from, to, limit: 1 }); first; ) {
    const nextEpoch = log.key((Math.floor(offsetOf(first) / offsetsPerEpoch) + 1) * offsetsPerEpoch)
    const epochEnd = Buffer.compare(nextEpoch, to) < 0 ? nextEpoch : to
    const [last = first] = store.log.keys({ from: first, to: epochEnd, reverse: true, limit: 1 })
    found += offsetOf(last) - offsetOf(first) + 1
    first = Array.from(store.log.keys({ from: epochEnd, to, limit: 1 }))[0]
  }
  return found
}
