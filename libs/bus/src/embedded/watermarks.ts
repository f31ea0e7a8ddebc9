/** Writes watermarks, and deletes what they free, now and then: a crash only delivers again what was settled since. */
import type { Lane } from './lane.ts'
import type { PartitionLog } from './partition-log.ts'
import { agedKeys, deleteKeys, expiredKeys, type RetentionOptions } from './retention.ts'

/** How long a settled record may wait until its watermark is written. */
const everyMs = 50
/** How often the age of topics is looked at. */
const ageEveryMs = 10_000

export class Watermarks {
  readonly #options: RetentionOptions
  readonly #logs: () => Iterable<PartitionLog>
  readonly #marks = new Map<string, number>()
  /** Per group, the lanes whose watermark moved. */
  readonly #dirty = new Map<string, Set<Lane>>()
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

  markDirty(group: string, lane: Lane): void {
    let lanes = this.#dirty.get(group)
    if (!lanes) {
      lanes = new Set()
      this.#dirty.set(group, lanes)
    }
    lanes.add(lane)
    this.#timer ??= setTimeout(() => void this.write().catch(() => {}), everyMs)
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
    const moved: { group: string; lane: Lane; mark: number }[] = []
    for (const [group, lanes] of this.#dirty) {
      for (const lane of lanes) {
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
        for (const { log, keys } of deletions) deleteKeys(transaction, log, keys, store)
      })
    } catch (error) {
      for (const { group, lane } of moved) this.markDirty(group, lane)
      throw error
    }
    for (const { group, lane, mark } of moved) {
      lane.committedMark = mark
      this.#marks.set(markName(group, lane.log), mark)
      this.#freed.add(lane.log)
      lane.log.forget()
    }
    if (this.#freed.size > 0) this.#timer ??= setTimeout(() => void this.write().catch(() => {}), everyMs)
  }

  #deletions(): { log: PartitionLog; keys: readonly Uint8Array[] }[] {
    const deletions: { log: PartitionLog; keys: readonly Uint8Array[] }[] = []
    for (const log of this.#freed) {
      const keys = expiredKeys(log, this.#options)
      if (keys.length > 0) deletions.push({ log, keys })
      else this.#freed.delete(log)
    }
    return deletions
  }

  /** Deletes a chunk of what is older than its topic keeps it, from every partition. */
  async deleteAged(): Promise<void> {
    const { store } = this.#options
    for (const log of this.#logs()) {
      this.#freed.add(log)
      const keys = agedKeys(log, this.#options)
      if (keys.length > 0) await store.environment.write((transaction) => deleteKeys(transaction, log, keys, store))
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
