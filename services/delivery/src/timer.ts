/** Brings deferred jobs back when they are due. What waits stays unsettled, so that a restart finds it again. */
import type { Bus, Consumer, DeliveredRecord } from '@sallyport/bus'
import { deferredTiers, deferredTopic, groups, type Job, jobCodec, SallyportError } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'
import { type HoldForFault, isDefect } from './hold-for-fault.ts'
import { deferredRecord, dueJob, outboundRecord } from './jobs.ts'
import type { Orders } from './orders.ts'
import { type RetrySchedule, tierForWait, wakeAt } from './retry-tiers.ts'
import { connectionsOf, type Destinations } from './routes.ts'

export interface TimerOptions {
  readonly ports: Pick<RolePorts, 'bus' | 'clock' | 'log'>
  readonly destinations: Destinations
  readonly holdForFault: HoldForFault
  readonly schedule: RetrySchedule
  /** Waiting records in memory, per partition and tier. */
  readonly window: number
  readonly tickMs: number
  readonly orders: Pick<Orders, 'isWoken' | 'onWaking'>
}

export interface Timer {
  stop(): Promise<void>
}

interface Waiting {
  readonly delivered: DeliveredRecord
  readonly atMs: number
}

/**
 * A tier's records stand in the order in which they are due, so a window of the first of them is enough: when it is full,
 * those behind it are due later. Due records pass at once, whatever the tick.
 */
export async function startTimer(options: TimerOptions): Promise<Timer> {
  const { ports, schedule } = options
  const waiting = new Set<Waiting>()
  const tierOf = new Map<string, (typeof deferredTiers)[number]>(deferredTiers.map((tier) => [deferredTopic(tier), tier]))
  let isStopped = false

  async function handle(delivered: DeliveredRecord): Promise<void> {
    if (delivered.value === null) return delivered.settle()
    const { record: job } = jobCodec.decode(delivered.value)
    const atMs = wakeAt(tierOf.get(delivered.topic) ?? '1m', delivered.publishedAt, job.dueAt ?? 0, schedule)
    if (isWoken(job, delivered)) await forward(delivered, true)
    else if (atMs <= ports.clock.now()) await forward(delivered)
    else waiting.add({ delivered, atMs })
  }

  const isWoken = (job: Job, { publishedAt }: DeliveredRecord): boolean =>
    options.orders.isWoken(job, publishedAt, ports.clock.now())

  /** To where it is sent from, or to another tier where it is not due yet. */
  async function forward(delivered: DeliveredRecord, isAtOnce = false): Promise<void> {
    if (delivered.value === null) return delivered.settle()
    const { record: job, bytes } = jobCodec.decode(delivered.value)
    try {
      const leftMs = (job.dueAt ?? 0) - ports.clock.now()
      await ports.bus.publish(
        leftMs > 0 && !isAtOnce
          ? deferredRecord(job, bytes, tierForWait(leftMs, schedule), delivered.headers)
          : outboundRecord(dueJob(job), bytes, shardingOf(job, ports.bus), delivered.headers),
        { durable: true },
      )
    } catch (error) {
      if (!isDefect(error)) throw error
      if (!(await options.holdForFault(job, bytes, error))) return
    }
    delivered.settle()
  }

  function shardingOf(job: Job, bus: Bus) {
    const destination = options.destinations.find(job.destination)
    // A route that is gone is found out where the job is sent: there it can be held.
    return { partitions: bus.partitions('mail.outbound.normal'), connections: destination ? connectionsOf(destination) : 1 }
  }

  function tick(): void {
    const now = ports.clock.now()
    for (const entry of waiting) if (entry.atMs <= now) bringBack(entry, false)
  }

  /** What stands behind the window is looked at when its turn comes: an order stands long enough for that. */
  function wake(): void {
    for (const entry of waiting) {
      const { value } = entry.delivered
      if (value && isWoken(jobCodec.decode(value).record, entry.delivered)) bringBack(entry, true)
    }
  }

  function bringBack(entry: Waiting, isAtOnce: boolean): void {
    if (isStopped) return
    waiting.delete(entry)
    forward(entry.delivered, isAtOnce).catch((error: unknown) => {
      if (!(error instanceof SallyportError && error.code === 'BUS_CLOSED')) {
        ports.log.warn({ err: error, id: entry.delivered.key }, 'a due message cannot be brought back yet')
      }
      waiting.add(entry)
    })
  }

  const consumer: Consumer = await ports.bus.consume({
    group: groups.timer,
    topics: deferredTiers.map(deferredTopic),
    settle: 'manual',
    concurrency: 256,
    maxUnsettled: options.window,
    drainMs: 0,
    handle,
    onRevoked(partitions) {
      const gone = new Set(partitions.map(({ topic, partition }) => `${topic}/${partition}`))
      for (const entry of waiting) if (gone.has(`${entry.delivered.topic}/${entry.delivered.partition}`)) waiting.delete(entry)
    },
  })
  const stopWaking = options.orders.onWaking(wake)
  const interval = setInterval(tick, options.tickMs)
  interval.unref()
  return {
    async stop() {
      isStopped = true
      clearInterval(interval)
      stopWaking()
      await consumer.stop()
    },
  }
}
