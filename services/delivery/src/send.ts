/** Takes jobs from the outbound topics into the window, and keeps the window fair: lanes, waits, overflow. */
import type { Consumer, DeliveredRecord } from '@sallyport/bus'
import { groups, jobCodec, outboundTopic } from '@sallyport/contracts'
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
}

export interface Sending {
  later(entry: WindowJob, waitMs: number): void
  /** Looks at waits that are over, and at lanes that are too long. */
  tick(): void
  jobs(): number
  /** Starts nothing new, waits for what runs (at most this long), leaves the group. */
  stop(drainMs: number): Promise<void>
}

const outboundTopics = (['urgent', 'normal', 'bulk'] as const).map(outboundTopic)

/**
 * The bus holds back what does not fit the window (`window` jobs per partition and class): with one slow destination that
 * is all that is needed. Where the policy has several, a destination whose jobs wait too long gives its excess to the
 * shortest tier, so that those of others behind them come in.
 */
export async function startSending(options: SendOptions): Promise<Sending> {
  const { ports } = options
  const owned = new Set<number>()
  const limits = new Map<string, number>()
  const waiting = new Set<{ readonly entry: WindowJob; readonly untilMs: number }>()
  let isStopped = false

  function limitOf(name: string): number {
    let limit = limits.get(name)
    if (limit === undefined) {
      const destination = options.destinations.find(name)
      const connections = destination ? connectionsOf(destination) : options.defaultConnections
      limit = connectionShare(name, owned, { partitions: ports.bus.partitions('mail.outbound.normal'), connections })
      limits.set(name, limit)
    }
    return limit
  }

  const window = lanes<WindowJob>({ limit: limitOf, run: options.attempt })

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
    ports.bus.publish(deferredRecord(job, entry.bytes, tierForWait(waitMs, options.schedule)), { durable: true }).then(
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
    onAssigned(partitions) {
      for (const { partition } of partitions) owned.add(partition)
      forgetLimits()
    },
    onRevoked(partitions) {
      for (const { partition } of partitions) owned.delete(partition)
      forgetLimits()
    },
  })

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
    async stop(drainMs) {
      isStopped = true
      endPolicyWatch()
      consumer.pause()
      const { promise: tooLong, resolve } = Promise.withResolvers<void>()
      const deadline = setTimeout(resolve, drainMs)
      await Promise.race([window.stop(), tooLong])
      clearTimeout(deadline)
      await consumer.stop()
    },
  }
}
