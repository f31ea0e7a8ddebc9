/** One member of a group of the bus in memory. */
import type { BusRecord, ConsumeOptions, Consumer, TopicPartition } from '@sallyport/bus'
import { SallyportError } from '@sallyport/contracts'
import { type MemoryGroup, partitionName } from './memory-group.ts'

interface Owned {
  readonly at: TopicPartition
  next: number
  isRevoked: boolean
  /** Offsets delivered and not settled. */
  readonly unsettled: Set<number>
  /** Records that wait for an earlier one of their key, by key; the first of each is running. */
  readonly chains: Map<string, BusRecord[]>
}

interface Surroundings {
  log(at: TopicPartition): readonly BusRecord[]
  bury(record: BusRecord, error: Error): void
  readonly retryMs: number
  readonly drainMs: number
}

export class MemoryConsumer implements Consumer {
  readonly topics: readonly string[]
  readonly #options: ConsumeOptions
  readonly #group: MemoryGroup
  readonly #around: Surroundings
  readonly #owned = new Map<string, Owned>()
  readonly #paused = new Set<string>()
  readonly #ready: { readonly owned: Owned; readonly record: BusRecord }[] = []
  #running = 0
  /** Handlers that wait to be tried again. */
  #waiting = 0
  #isAwake = false
  #isGone = false
  #stopped: Promise<void> | undefined

  constructor(options: ConsumeOptions, group: MemoryGroup, around: Surroundings) {
    this.topics = options.topics
    this.#options = options
    this.#group = group
    this.#around = around
  }

  assigned(): readonly TopicPartition[] {
    return [...this.#owned.values()].map((owned) => owned.at)
  }

  owns(at: TopicPartition): boolean {
    return this.#owned.has(partitionName(at))
  }

  pause(partitions: readonly TopicPartition[] = this.assigned()): void {
    for (const at of partitions) this.#paused.add(partitionName(at))
  }

  resume(partitions?: readonly TopicPartition[]): void {
    if (partitions) for (const at of partitions) this.#paused.delete(partitionName(at))
    else this.#paused.clear()
    this.wake()
  }

  stop(): Promise<void> {
    this.#stopped ??= this.revokeAllBut([]).then(() => {
      this.#isGone = true
      return this.#group.leave(this)
    })
    return this.#stopped
  }

  /** Gone without a word. */
  vanish(): void {
    this.#isGone = true
    for (const owned of this.#owned.values()) owned.isRevoked = true
    this.#owned.clear()
  }

  async revokeAllBut(kept: readonly TopicPartition[]): Promise<void> {
    const names = new Set(kept.map(partitionName))
    const lost = [...this.#owned].filter(([name]) => !names.has(name)).map(([, owned]) => owned)
    if (lost.length === 0) return
    for (const owned of lost) this.pause([owned.at])
    await this.#options.onRevoked?.(lost.map((owned) => owned.at))
    const deadline = performance.now() + (this.#options.drainMs ?? this.#around.drainMs)
    while (lost.some((owned) => owned.unsettled.size > 0) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    for (const owned of lost) {
      owned.isRevoked = true
      this.#owned.delete(partitionName(owned.at))
      this.#paused.delete(partitionName(owned.at))
    }
  }

  async assign(partitions: readonly TopicPartition[]): Promise<void> {
    const gained = partitions.filter((at) => !this.owns(at))
    if (gained.length === 0 || this.#isGone || this.#stopped) return
    await this.#options.onAssigned?.(gained)
    for (const at of gained) {
      const next = this.#group.committed(at)
      this.#owned.set(partitionName(at), { at, next, isRevoked: false, unsettled: new Set(), chains: new Map() })
    }
    this.wake()
  }

  /** A handler runs or waits to run, or there is something to fetch. */
  isBusy(): boolean {
    return (
      this.#running + this.#waiting > 0 ||
      this.#ready.length > 0 ||
      [...this.#owned.values()].some((owned) => this.#mayFetch(owned))
    )
  }

  wake(): void {
    if (this.#isAwake || this.#isGone) return
    this.#isAwake = true
    setImmediate(() => {
      this.#isAwake = false
      this.#fetch()
    })
  }

  #mayFetch(owned: Owned): boolean {
    return (
      !owned.isRevoked &&
      !this.#paused.has(partitionName(owned.at)) &&
      owned.unsettled.size < (this.#options.maxUnsettled ?? 1_000) &&
      owned.next < this.#around.log(owned.at).length
    )
  }

  #fetch(): void {
    for (const owned of this.#owned.values()) {
      while (this.#mayFetch(owned)) {
        const record = this.#around.log(owned.at)[owned.next++]
        if (!record) break
        owned.unsettled.add(record.offset)
        const chain = owned.chains.get(record.key)
        if (chain) chain.push(record)
        else {
          owned.chains.set(record.key, [record])
          this.#ready.push({ owned, record })
        }
      }
    }
    this.#start()
  }

  #start(): void {
    while (this.#running < (this.#options.concurrency ?? 64)) {
      const next = this.#ready.shift()
      if (!next) return
      if (next.owned.isRevoked) continue
      this.#running++
      void this.#run(next.owned, next.record).finally(() => {
        this.#running--
        this.#start()
        this.wake()
      })
    }
  }

  async #run(owned: Owned, record: BusRecord): Promise<void> {
    const settle = (): void => this.#settle(owned, record.offset)
    for (let waitMs = this.#around.retryMs; !owned.isRevoked; waitMs = Math.min(waitMs * 2, this.#around.retryMs * 20)) {
      try {
        await this.#options.handle({ ...record, settle })
        if (this.#options.settle !== 'manual') settle()
        break
      } catch (error) {
        if (error instanceof SallyportError && error.code === 'UNPARSABLE_RECORD') {
          if (!owned.isRevoked) this.#around.bury(record, error)
          settle()
          break
        }
        await this.#waitWithoutRoom(waitMs)
      }
    }
    const chain = owned.chains.get(record.key)
    chain?.shift()
    const [following] = chain ?? []
    if (following) this.#ready.push({ owned, record: following })
    else owned.chains.delete(record.key)
  }

  /** A record that waits to be tried again takes no room from others; its key stays at work. */
  async #waitWithoutRoom(waitMs: number): Promise<void> {
    this.#running--
    this.#waiting++
    this.#start()
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    this.#waiting--
    this.#running++
  }

  #settle(owned: Owned, offset: number): void {
    if (owned.isRevoked || !owned.unsettled.delete(offset)) return
    this.#group.commit(owned.at, owned.unsettled.size > 0 ? Math.min(...owned.unsettled) : owned.next)
    this.wake()
  }
}
