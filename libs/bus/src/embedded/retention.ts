/** Deletes what need not be kept: below the watermark of every reader, or by age; in small chunks, beside the watermarks. */
import type { WriteTransaction } from '@sallyport/lmdb'
import { type BusStore, deletedBelow } from './bus-store.ts'
import { publishedAtOf } from './log-row.ts'
import type { PartitionLog } from './partition-log.ts'

/** Rows deleted from one partition at one time. */
const chunk = 2_000

export interface RetentionOptions {
  readonly store: BusStore
  readonly now: () => number
  /** The watermark that is on disk, or undefined where the group never consumed the partition. */
  readonly mark: (group: string, log: PartitionLog) => number | undefined
  /** Every group that ever consumed the topic. */
  readonly groupsOf: (topic: string) => Iterable<string>
}

/** The keys to delete from the partition now; the partition's floor is moved up to behind them. */
export function expiredKeys(log: PartitionLog, options: RetentionOptions): readonly Uint8Array[] {
  const below = readBelow(log, options)
  const keys: Uint8Array[] = []
  if (below > log.floor) {
    for (const key of options.store.log.keys({ from: log.key(log.floor), to: log.key(below), limit: chunk })) keys.push(key)
    if (keys.length < chunk) log.floor = below
  }
  return keys
}

/** The keys of the partition that are older than its topic keeps them, at most a chunk. */
export function agedKeys(log: PartitionLog, options: RetentionOptions): readonly Uint8Array[] {
  const { retention } = log.topic
  if (retention.kind !== 'age') return []
  const keys: Uint8Array[] = []
  const before = options.now() - retention.ms
  for (const { key, value } of options.store.log.range({ from: log.key(log.floor), to: log.key(log.next), limit: chunk })) {
    if ((publishedAtOf(value) ?? 0) >= before) break
    keys.push(key)
  }
  return keys
}

export function deleteKeys(transaction: WriteTransaction, log: PartitionLog, keys: readonly Uint8Array[], store: BusStore): void {
  for (const key of keys) transaction.delete(store.log, key)
  if (keys.length > 0) store.putMark(transaction, deletedBelow, log.topic.name, log.partition, log.floor)
}

/** Everything below was settled by every group that counts. */
function readBelow(log: PartitionLog, options: RetentionOptions): number {
  const { retention } = log.topic
  switch (retention.kind) {
    case 'until-read':
      return lowest(retention.readers, log, options)
    case 'age':
      return retention.orWhenRead ? lowest(options.groupsOf(log.topic.name), log, options) : 0
    case 'table':
      return log.next
  }
}

function lowest(groups: Iterable<string>, log: PartitionLog, options: RetentionOptions): number {
  let below: number | undefined
  for (const group of groups) below = Math.min(below ?? Number.MAX_SAFE_INTEGER, options.mark(group, log) ?? 0)
  return below ?? 0
}
