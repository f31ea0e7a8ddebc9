/** Writes watermarks, and deletes what they free, now and then: a crash only delivers again what was settled since. */
import type { WriteTransaction } from '@sallyport/lmdb'
import type { LogLane } from './log-lane.ts'
import type { PartitionLog } from './partition-log.ts'
import { agedRows, type Deletion, deleted, deleteRows, isWholeChunk, type RetentionOptions, readRows } from './retention.ts'

/** How long a settled record may wait until its watermark is written. */
const everyMs = 50
/** How often the age of topics is looked at. */
const ageEveryMs = 10_000

export class Watermarks {
  readonly #options: RetentionOptions
  readonly #logs: () => Iterable<PartitionLog>
  readonly #marks = new Map<string, number>()
  /** Per group, the lanes whose watermark moved. */
  readonly #dirty = new Map<string, Set<LogLane>>()
  readonly #freed = new Set<PartitionLog>()
  #timer: NodeJS.Timeout | undefined
  readonly #ageTimer: NodeJS.Timeout
  #writing: Promise<void> = Promise.resolve()

  constructor(options: Omit<RetentionOptions, 'mark'>, logs: () => Iterable<PartitionLog>) {
    this.#options = { ...options, mark: (group, log) => this.mark(group, log) }
    this.#logs = logs
    this.#ageTimer = setInterval(() => void this.deleteAged().catch(() => {}), ageEveryMs).unref()
  }

  /** The watermark that is on disk. */
  mark(group: string, log: PartitionLog): number | undefined {
    const name = markName(group, log)
    let mark = this.#marks.get(name)
    if (mark === undefined) {
      mark = this.#options.store.mark(group, log.topic.name, log.partition)
      if (mark !== undefined) this.#marks.set(name, mark)
    }
    return mark
  }

  /**
   * From now on the group counts among those that ever consumed these partitions, also before it settled anything. On a
   * full disk it counts in this process alone: no reason not to let it drain.
   */
  async introduce(group: string, logs: readonly PartitionLog[]): Promise<void> {
    const marks = logs.filter((log) => this.mark(group, log) === undefined).map((log) => ({ log, offset: log.floor }))
    if (marks.length === 0) return
    const { store } = this.#options
    const change = (transaction: WriteTransaction): void => {
      for (const { log, offset } of marks) store.putMark(transaction, group, log.topic.name, log.partition, offset)
    }
    await store.environment.write(change).catch(() => {})
  }

  markDirty(group: string, lane: LogLane): void {
    let lanes = this.#dirty.get(group)
    if (!lanes) {
      lanes = new Set()
      this.#dirty.set(group, lanes)
    }
    lanes.add(lane)
    this.#again()
  }

  /** Writes every watermark that moved, and deletes a chunk of what nobody needs. A failure leaves all to the next time. */
  write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const written = this.#writing.then(() => this.#writeNow())
    this.#writing = written.catch(() => {})
    return written
  }

  async #writeNow(): Promise<void> {
    const moved: { group: string; lane: LogLane; mark: number }[] = []
    for (const [group, lanes] of this.#dirty) {
      for (const lane of lanes) {
        // What was read is dropped from memory also where an older record is open for long.
        lane.log.forget()
        if (lane.unsettled.watermark > lane.committedMark) moved.push({ group, lane, mark: lane.unsettled.watermark })
      }
    }
    this.#dirty.clear()
    const { store } = this.#options
    const deletions = this.#deletions()
    if (moved.length === 0 && deletions.length === 0) return
    try {
      await store.environment.write((transaction) => {
        for (const { group, lane, mark } of moved) store.putMark(transaction, group, lane.log.topic.name, lane.log.partition, mark)
        for (const deletion of deletions) deleteRows(transaction, deletion, store)
      })
    } catch (error) {
      for (const { group, lane } of moved) this.markDirty(group, lane)
      this.#again()
      throw error
    }
    deletions.forEach(deleted)
    for (const { group, lane, mark } of moved) {
      lane.committedMark = mark
      this.#marks.set(markName(group, lane.log), mark)
      this.#freed.add(lane.log)
    }
    if (this.#freed.size > 0) this.#again()
  }

  #again(): void {
    this.#timer ??= setTimeout(() => void this.write().catch(() => {}), everyMs)
  }

  #deletions(): Deletion[] {
    const deletions: Deletion[] = []
    for (const log of this.#freed) {
      const deletion = readRows(log, this.#options)
      if (deletion.keys.length > 0) {
        deletions.push(deletion)
        continue
      }
      deleted(deletion)
      this.#freed.delete(log)
    }
    return deletions
  }

  /** Deletes what is older than its topic keeps it, from every partition, a chunk at a time. */
  async deleteAged(): Promise<void> {
    const { store } = this.#options
    for (const log of this.#logs()) {
      this.#freed.add(log)
      let isMore = true
      while (isMore) {
        const deletion = agedRows(log, this.#options)
        if (deletion.keys.length > 0) await store.environment.write((transaction) => deleteRows(transaction, deletion, store))
        deleted(deletion)
        isMore = isWholeChunk(deletion)
      }
    }
    await this.write()
  }

  async close(): Promise<void> {
    clearInterval(this.#ageTimer)
    await this.write().catch(() => {})
    clearTimeout(this.#timer)
  }
}

const markName = (group: string, log: PartitionLog): string => `${group}\0${log.topic.name}\0${log.partition}`
