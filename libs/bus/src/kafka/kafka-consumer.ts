/**
 * One consumer: takes what its group assigns, and lets go of what the group takes away only when what is in flight there is done
 * and committed. The client only fetches and enqueues; the handlers run here, so that a slow one holds up nothing else.
 */
import type { Logger } from 'pino'
import { laneName, partitionsOf } from '../consuming/lane.ts'
import { Member, type MemberHost } from '../consuming/member.ts'
import type { ConsumeOptions, Consumer, TopicPartition } from '../port.ts'
import type { Claim, FetchedRecord, KafkaClient } from './client-port.ts'
import { messageOf } from './kafka-failure.ts'
import { KafkaLane } from './kafka-lane.ts'
import { LaneCommits } from './lane-commits.ts'
import { Membership } from './membership.ts'
import { startOffsets } from './start-offsets.ts'
import { atMost } from './waiting.ts'

/** Of the last commit of a partition that goes. */
const commitMs = 5_000

export interface KafkaConsumerOptions {
  readonly client: Pick<KafkaClient, 'join' | 'committed' | 'bounds'>
  readonly consume: ConsumeOptions
  readonly bury: MemberHost['bury']
  readonly log: Logger
}

export class KafkaConsumer implements Consumer {
  readonly options: ConsumeOptions
  /** Resolves when the group is joined and what it assigned first is taken over; rejects where that cannot be. */
  readonly joined: Promise<void>
  readonly #client: KafkaConsumerOptions['client']
  readonly #log: Logger
  readonly #member: Member<KafkaLane>
  readonly #membership: Membership
  readonly #commits: LaneCommits
  readonly #settleJoined = Promise.withResolvers<void>()
  /** What the group gave to this member. */
  #wanted = new Map<string, TopicPartition>()
  /** Being taken over: `onAssigned` or their offsets are awaited. */
  readonly #coming = new Map<string, Promise<void>>()
  readonly #going = new Set<Promise<void>>()
  #memberId: string | undefined
  /** Of one membership: what began under an older one counts no more. */
  #epoch = 0
  #holdsLess = false
  #lostCallbacks: Promise<void> = Promise.resolve()
  #stopping: Promise<void> | undefined

  constructor({ client, consume, bury, log }: KafkaConsumerOptions) {
    this.options = consume
    this.#client = client
    this.#log = log.child({ group: consume.group })
    this.joined = this.#settleJoined.promise
    this.joined.catch(() => {})
    this.#member = new Member<KafkaLane>(consume, { bury, markDirty: () => this.#commits.soon() })
    this.#commits = new LaneCommits({
      lanes: () => this.#member.lanes.list,
      session: () => this.#membership.session,
      onFailed: (error) => this.#log.debug({ reason: messageOf(error) }, 'watermarks are not committed yet'),
    })
    this.#membership = new Membership({
      client,
      log,
      group: consume.group,
      topics: consume.topics,
      isPatient: consume.isPatient ?? false,
      claim: () => this.#claim(),
      wantsToRejoin: () => this.#holdsLess,
      onAssigned: (memberId, partitions) => this.#assigned(memberId, partitions),
      onRecords: (at, from, records, next) => this.#records(at, from, records, next),
      onCommitted: (offsets) => this.#commits.committed(offsets),
      onSession: () => this.#reconcile(true),
      onOut: () => this.#assigned(undefined, []),
      onRefused: (error) => this.#settleJoined.reject(error),
    })
  }

  assigned(): readonly TopicPartition[] {
    return this.#member.assigned()
  }

  pause(partitions?: readonly TopicPartition[]): void {
    this.#member.setPaused(true, partitions)
  }

  resume(partitions?: readonly TopicPartition[]): void {
    this.#member.setPaused(false, partitions)
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    await undefined
    this.#wanted = new Map()
    this.#epoch++
    // Heartbeats go on meanwhile, so that nobody else takes what is in flight.
    this.#letGo(this.#member.lanes.list)
    await Promise.all(this.#going)
    await atMost(commitMs, Promise.all(this.#coming.values()))
    this.#member.stop()
    this.#commits.stop()
    await this.#membership.leave()
    await this.#lostCallbacks
    this.#settleJoined.resolve()
  }

  #claim(): Claim {
    this.#holdsLess = false
    return { memberId: this.#memberId, partitions: partitionsOf(this.#member.lanes.list) }
  }

  /** Undefined: out of the group. */
  #assigned(memberId: string | undefined, partitions: readonly TopicPartition[]): void {
    // Another name: the group had put this member out, and its partitions may have been with others.
    if (this.#memberId !== memberId) {
      this.#memberId = memberId
      this.#epoch++
      this.#lose(this.#member.lanes.list)
    }
    this.#wanted = new Map(this.#stopping ? [] : partitions.map((at) => [laneName(at), at]))
    this.#reconcile(true)
  }

  /** Where the group has just assigned, the client is about to fetch: what must not be fetched is paused at once. */
  #reconcile(isAssigned = false): void {
    const { session } = this.#membership
    if (!session) return
    const coming: TopicPartition[] = []
    for (const [name, at] of this.#wanted) {
      const lane = this.#member.lanes.get(name)
      // The client begins at what is committed, which is behind what was fetched.
      if (isAssigned && lane && !lane.isLeaving) session.seek({ ...at, offset: lane.next })
      if (!lane || lane.isLeaving || lane.isFull) session.pause([at])
      if (!lane && !this.#coming.has(name)) coming.push(at)
    }
    this.#letGo(this.#member.lanes.list.filter(({ name }) => !this.#wanted.has(name)))
    const taken = this.#takeOver(coming)
    for (const at of coming) this.#coming.set(laneName(at), taken)
  }

  async #takeOver(partitions: readonly TopicPartition[]): Promise<void> {
    const epoch = this.#epoch
    await undefined
    try {
      if (partitions.length > 0) {
        await this.#lostCallbacks
        await this.options.onAssigned?.(partitions)
        const starts = await startOffsets(this.#client, this.options.group, partitions, () => epoch === this.#epoch)
        this.#begin(partitions, epoch === this.#epoch ? starts : undefined)
      }
    } catch (error) {
      this.#log.error({ reason: messageOf(error) }, 'partitions could not be taken over')
      this.#settleJoined.reject(error)
      // Where it was joined before, it is tried again with a new membership.
      this.#membership.restart(error)
    }
    for (const at of partitions) this.#coming.delete(laneName(at))
    if (partitions.length > 0) this.#reconcile()
    if (epoch === this.#epoch && this.#coming.size === 0) this.#settleJoined.resolve()
  }

  /** Those that were taken away again meanwhile are given back. */
  #begin(partitions: readonly TopicPartition[], starts: ReadonlyMap<string, number> | undefined): void {
    const lost: TopicPartition[] = []
    for (const at of partitions) {
      const start = starts?.get(laneName(at))
      if (start === undefined || !this.#wanted.has(laneName(at))) {
        lost.push(at)
        continue
      }
      const lane = new KafkaLane(at, start, () => this.#membership.session?.resume([at]))
      lane.isPaused = this.#member.startsPaused
      this.#member.lanes.add(lane)
      this.#membership.session?.seek({ ...at, offset: start })
      this.#membership.session?.resume([at])
    }
    if (lost.length > 0) this.#tellLost(lost)
  }

  #records(at: TopicPartition, from: number, records: readonly FetchedRecord[], next: number): void {
    const lane = this.#member.lanes.get(laneName(at))
    if (!lane || lane.isLeaving) return
    if (lane.accept(from, records, next) === 'gap') void this.#closeGap(lane)
    if (lane.isFull) this.#membership.session?.pause([at])
    this.#member.schedule()
  }

  /** The client jumped ahead: back, or on to the first record that is kept, where those before it have expired. */
  async #closeGap(lane: KafkaLane): Promise<void> {
    const { topic, partition } = lane
    const bounds = await this.#client.bounds(topic).catch(() => [])
    const low = bounds.find((of) => of.partition === partition)?.low ?? 0
    if (low > lane.next) {
      this.#log.error({ topic, partition, records: low - lane.next }, 'records were deleted before they were read')
      lane.next = low
    }
    this.#membership.session?.seek({ topic, partition, offset: lane.next })
  }

  /** Those that are not on their way yet. */
  #letGo(lanes: readonly KafkaLane[]): void {
    const leaving = lanes.filter(({ isLeaving }) => !isLeaving)
    if (leaving.length === 0) return
    for (const lane of leaving) lane.isLeaving = true
    const going = this.#drain(leaving)
    this.#going.add(going)
    void going.then(() => {
      this.#going.delete(going)
      this.#reconcile()
    })
  }

  async #drain(lanes: readonly KafkaLane[]): Promise<void> {
    this.#membership.session?.pause(partitionsOf(lanes))
    try {
      await this.options.onRevoked?.(partitionsOf(lanes))
    } catch (error) {
      this.#log.error({ reason: messageOf(error) }, 'a role failed to let partitions go')
    }
    await this.#member.drained(lanes)
    // What cannot be committed now comes again: no reason to keep the partitions from the others.
    await atMost(commitMs, this.#commits.now())
    for (const lane of lanes) {
      if (!lane.isGone) this.#holdsLess = !this.#stopping
      lane.isGone = true
      this.#member.lanes.remove(lane)
    }
  }

  /** They are with others by now, or will be: nothing more of them counts. */
  #lose(lanes: readonly KafkaLane[]): void {
    const told = lanes.filter(({ isLeaving }) => !isLeaving)
    for (const lane of lanes) {
      lane.isLeaving = true
      lane.isGone = true
      this.#member.lanes.remove(lane)
    }
    if (told.length > 0) this.#tellLost(partitionsOf(told))
  }

  #tellLost(partitions: readonly TopicPartition[]): void {
    this.#lostCallbacks = this.#lostCallbacks
      .then(() => this.options.onRevoked?.(partitions))
      .catch((error) => this.#log.error({ reason: messageOf(error) }, 'a role failed to let partitions go'))
  }
}
