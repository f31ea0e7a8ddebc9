/** Takes jobs from the outbound topics into the window, and keeps the window fair: lanes, waits, overflow. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, DeliveredRecord, TopicPartition } from '@sallyport/bus'
import { groups, jobCodec, outboundTopic, RenewedSet } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'
import type { Attempt, WindowJob } from './attempt.ts'
import { deferredRecord } from './jobs.ts'
import { lanes } from './lanes.ts'
import type { DeliveryMetrics } from './metrics.ts'
import { connectionShare } from './outbound-partition.ts'
import { type RetrySchedule, tierForWait } from './retry-tiers.ts'
import { connectionsOf, type Destinations } from './routes.ts'

export interface SendOptions {
  readonly ports: Pick<RolePorts, 'bus' | 'clock' | 'log' | 'policy'>
  readonly destinations: Destinations
  readonly attempt: Attempt
  readonly schedule: RetrySchedule
  readonly metrics: DeliveryMetrics
  readonly window: number
  readonly overflowMs: number
  readonly defaultConnections: number
  /** How long transactions that run are awaited when their partitions go, or the role stops. */
  readonly drainMs: number
}

export interface Sending {
  later(entry: WindowJob, waitMs: number): void
  /** Looks at waits that are over, and at lanes that are too long. */
  tick(): void
  jobs(): number
  /** Starts nothing new, waits for what runs (at most `drainMs`), leaves the group. */
  stop(): Promise<void>
}

const nameOf = (at: TopicPartition): string => `${at.topic}/${at.partition}`
const outboundTopics = (['urgent', 'normal', 'bulk'] as const).map(outboundTopic)

/**
 * The bus holds back what does not fit the window (`window` jobs per partition and class): with one slow destination that
 * is all that is needed. Where the policy has several, a destination whose jobs wait too long gives its excess to the
 * shortest tier, so that those of others behind them come in.
 */
export async function startSending(options: SendOptions): Promise<Sending> {
  const { ports } = options
  const owned = new Set<string>()
  const running = new RenewedSet<WindowJob>()
  const limits = new Map<string, number>()
  const waiting = new RenewedSet<{ readonly entry: WindowJob; readonly untilMs: number }>()
  let isStopped = false

  function limitOf(name: string): number {
    let limit = limits.get(name)
    if (limit === undefined) {
      const destination = options.destinations.find(name)
      const connections = destination ? connectionsOf(destination) : options.defaultConnections
      const partitions = new Set([...owned].map((at) => Number(at.split('/')[1])))
      limit = connectionShare(name, partitions, { partitions: ports.bus.partitions('mail.outbound.normal'), connections })
      limits.set(name, limit)
    }
    return limit
  }

  const window = lanes<WindowJob>({
    limit: limitOf,
    async run(entry, place) {
      running.add(entry)
      await options.attempt(entry, place)
      running.delete(entry)
    },
  })

  function admit(delivered: DeliveredRecord): void {
    if (delivered.value === null) {
      delivered.settle()
      return
    }
    const { record: job, bytes } = jobCodec.decode(delivered.value)
    window.admit({
      job,
      bytes,
      delivered,
      destination: job.destination,
      class: job.class,
      application: job.message.application,
      admittedAtMs: ports.clock.elapsed(),
    })
  }

  function putOff(entry: WindowJob): void {
    const waitMs = options.schedule.tierMs['1m']
    const job = { ...entry.job, dueAt: ports.clock.now() + waitMs }
    const record = deferredRecord(job, entry.bytes, tierForWait(waitMs, options.schedule), entry.delivered.headers)
    ports.bus.publish(record, { durable: true }).then(
      () => entry.delivered.settle(),
      (error: unknown) => {
        ports.log.warn({ err: error, id: job.message.id }, 'a message could not be put off and stays in the window')
        if (!isStopped) window.admit(entry)
      },
    )
  }

  const forgetLimits = (): void => limits.clear()
  const endPolicyWatch = ports.policy.onChange(forgetLimits)
  const consumer: Consumer = await ports.bus.consume({
    group: groups.send,
    topics: outboundTopics,
    settle: 'manual',
    concurrency: 256,
    maxUnsettled: options.window,
    handle: admit,
    drainMs: 0,
    onAssigned(partitions) {
      for (const at of partitions) owned.add(nameOf(at))
      forgetLimits()
    },
    async onRevoked(partitions) {
      const gone = new Set(partitions.map(nameOf))
      for (const name of gone) owned.delete(name)
      forgetLimits()
      await letGo(gone)
    },
  })

  /** What waits is given up unsettled, and comes to the next owner; what runs is ended first. */
  async function letGo(gone: ReadonlySet<string>): Promise<void> {
    const isGone = (entry: WindowJob): boolean => gone.has(nameOf(entry.delivered))
    window.discard(isGone)
    for (const wait of waiting) if (isGone(wait.entry)) waiting.delete(wait)
    const deadlineMs = ports.clock.elapsed() + options.drainMs
    while ([...running].some(isGone) && ports.clock.elapsed() < deadlineMs) await sleep(10)
  }

  return {
    later(entry, waitMs) {
      if (!isStopped) waiting.add({ entry, untilMs: ports.clock.elapsed() + waitMs })
    },
    tick() {
      const now = ports.clock.elapsed()
      for (const wait of waiting) {
        if (wait.untilMs > now) continue
        waiting.delete(wait)
        window.admit(wait.entry)
      }
      if (options.destinations.count() < 2) return
      const overflow = window.takeOverflow(now, options.overflowMs)
      if (overflow.length > 0) options.metrics.overflowed(overflow.length)
      for (const entry of overflow) putOff(entry)
    },
    jobs: () => window.size + waiting.size,
    async stop() {
      isStopped = true
      endPolicyWatch()
      void window.stop()
      // Leaving the group revokes every partition: what runs is awaited there.
      await consumer.stop()
    },
  }
}
