/** Deletes what need not be kept: below the watermark of every reader, or by age; in small chunks, beside the watermarks. */
import type { WriteTransaction } from '@sallyport/lmdb'
import { type BusStore, deletedBelow } from './bus-store.ts'
import { offsetOf, publishedAtOf } from './log-row.ts'
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

/** What may be deleted from a partition now, at most a chunk. The partition's floor moves when it is deleted, not before. */
export interface Deletion {
  readonly log: PartitionLog
  readonly keys: readonly Uint8Array[]
  /** Below this nothing will be left. */
  readonly floor: number
}

export const isWholeChunk = ({ keys }: Deletion): boolean => keys.length >= chunk

/** What every reader has settled. */
export function readRows(log: PartitionLog, options: RetentionOptions): Deletion {
  const below = readBelow(log, options)
  if (below <= log.floor) return { log, keys: [], floor: log.floor }
  if (log.rowsEnd <= log.floor) return { log, keys: [], floor: below }
  const keys = [...options.store.log.keys({ from: log.key(log.floor), to: log.key(below), limit: chunk })]
  return { log, keys, floor: keys.length < chunk ? below : behind(keys, log) }
}

/** What is older than the topic keeps it. A damaged row, whose age nobody knows, goes with the next one that is old enough. */
export function agedRows(log: PartitionLog, options: RetentionOptions): Deletion {
  const { retention } = log.topic
  const keys: Uint8Array[] = []
  if (retention.kind === 'age') {
    const before = options.now() - retention.ms
    const damaged: Uint8Array[] = []
    for (const { key, value } of options.store.log.range({ from: log.key(log.floor), to: log.key(log.next), limit: chunk })) {
      const publishedAt = publishedAtOf(value)
      if (publishedAt === undefined) damaged.push(key)
      else if (publishedAt < before) keys.push(...damaged.splice(0), key)
      else break
    }
  }
  return { log, keys, floor: behind(keys, log) }
}

/** Also keeps how far was deleted, so that offsets are not used again. */
export function deleteRows(transaction: WriteTransaction, { log, keys, floor }: Deletion, store: BusStore): void {
  for (const key of keys) transaction.delete(store.log, key)
  if (keys.length > 0) store.putMark(transaction, deletedBelow, log.topic.name, log.partition, Math.max(log.floor, floor))
}

/** To be called when a deletion is committed. */
export function deleted({ log, floor }: Deletion): void {
  log.floor = Math.max(log.floor, floor)
}

function behind(keys: readonly Uint8Array[], log: PartitionLog): number {
  const last = keys.at(-1)
  return last ? offsetOf(last) + 1 : log.floor
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
