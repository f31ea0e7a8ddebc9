/** A consumer group: which member has which partitions, and handing them over without two members at one record. */

import { laneName, partitionsOf } from '../consuming/lane.ts'
import type { Member as AnyMember } from '../consuming/member.ts'
import { LogLane } from './log-lane.ts'
import type { PartitionLog } from './partition-log.ts'

export interface GroupHost {
  /** The partitions of a topic. */
  logs(topic: string): readonly PartitionLog[]
  mark(group: string, log: PartitionLog): number
  /** Writes the watermarks of these lanes now. */
  commit(group: string, lanes: readonly LogLane[]): Promise<void>
}

type Member = AnyMember<LogLane>

/** Partition p of every topic goes to the same member: what belongs together by partition stays together. */
export class Group {
  readonly #name: string
  readonly #host: GroupHost
  readonly #members: Member[] = []
  #changes: Promise<void> = Promise.resolve()

  constructor(name: string, host: GroupHost) {
    this.#name = name
    this.#host = host
  }

  join(member: Member): Promise<void> {
    return this.#change(async () => {
      this.#members.push(member)
      try {
        await this.#rebalance()
      } catch (error) {
        // It could not take its partitions over: they go back to the others.
        this.#members.splice(this.#members.indexOf(member), 1)
        await this.#revoke(member, member.lanes.list)
        member.stop()
        await this.#rebalance()
        throw error
      }
    })
  }

  leave(member: Member): Promise<void> {
    return this.#change(async () => {
      const at = this.#members.indexOf(member)
      if (at < 0) return
      this.#members.splice(at, 1)
      await this.#revoke(member, member.lanes.list)
      member.stop()
      await this.#rebalance()
    })
  }

  /** Lanes of every member. */
  lanes(): LogLane[] {
    return this.#members.flatMap((member) => member.lanes.list)
  }

  #change(change: () => Promise<void>): Promise<void> {
    const changed = this.#changes.then(change)
    this.#changes = changed.catch(() => {})
    return changed
  }

  async #rebalance(): Promise<void> {
    const wanted = new Map(this.#members.map((member) => [member, new Map<string, PartitionLog>()]))
    const topics = new Set(this.#members.flatMap((member) => member.options.topics))
    for (const topic of topics) {
      const subscribed = this.#members.filter((member) => member.options.topics.includes(topic))
      for (const log of this.#host.logs(topic)) {
        const owner = subscribed[log.partition % subscribed.length]
        if (owner) wanted.get(owner)?.set(laneName({ topic, partition: log.partition }), log)
      }
    }
    await Promise.all(
      this.#members.map((member) =>
        this.#revoke(
          member,
          member.lanes.list.filter((lane) => !wanted.get(member)?.has(lane.name)),
        ),
      ),
    )
    for (const [member, logs] of wanted) await this.#assign(member, [...logs.values()])
  }

  async #assign(member: Member, logs: readonly PartitionLog[]): Promise<void> {
    const lanes = logs
      .filter((log) => !member.lanes.get(laneName({ topic: log.topic.name, partition: log.partition })))
      .map((log) => new LogLane(this.#name, log, this.#host.mark(this.#name, log), () => member.schedule()))
    if (lanes.length === 0) return
    try {
      await member.options.onAssigned?.(partitionsOf(lanes))
    } catch (error) {
      for (const lane of lanes) lane.leave()
      throw error
    }
    for (const lane of lanes) {
      lane.isPaused = member.startsPaused
      member.lanes.add(lane)
    }
    member.schedule()
  }

  async #revoke(member: Member, lanes: readonly LogLane[]): Promise<void> {
    if (lanes.length === 0) return
    for (const lane of lanes) lane.isLeaving = true
    await member.options.onRevoked?.(partitionsOf(lanes))
    await member.drained(lanes)
    for (const lane of lanes) member.lanes.remove(lane)
    // What cannot be written now comes again: no reason to keep the partitions from the others.
    await this.#host.commit(this.#name, lanes).catch(() => {})
    for (const lane of lanes) lane.leave()
  }
}
