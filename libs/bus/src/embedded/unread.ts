/** Reads on in a partition without being a member of any group. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BusRecord } from '../port.ts'
import type { LogLane } from './log-lane.ts'
import type { PartitionLog } from './partition-log.ts'

/** From `watermark` to the end as it is now, without what the group's lane has settled by the time it is reached. */
export async function* unreadOf(log: PartitionLog, watermark: number, lane: LogLane | undefined): AsyncIterable<BusRecord> {
  const end = log.next
  for (let at = watermark; at < end; ) {
    const entries = log.read(at)
    if (entries.length === 0) return
    for (const entry of entries) {
      const offset = 'record' in entry ? entry.record.offset : entry.offset
      at = offset + 1
      if (offset >= end) return
      if ('record' in entry && !lane?.isSettled(offset)) yield entry.record
    }
    await nextTurn()
  }
}
