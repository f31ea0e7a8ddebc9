/** How far the groups of this process are behind, as metrics: looked at by one timer, however often somebody scrapes. */
import type { Bus, Lag } from '@sallyport/bus'
import { roleOfGroup } from '@sallyport/contracts'
import type { Logger } from 'pino'
import { Counter, Gauge, type Registry } from 'prom-client'

export interface LagMetrics {
  /** The same bus, which remembers who consumes what. */
  readonly bus: Bus
  /** Looks now, unless a look is under way. Never rejects. */
  look(): Promise<void>
  stop(): void
}

export interface LagMetricsOptions {
  readonly metrics: Registry
  readonly log: Logger
  /** Default 5,000. */
  readonly everyMs?: number | undefined
}

const labelNames = ['group', 'topic', 'role'] as const

/** `bus` stays the caller's to close. */
export function lagMetrics(bus: Bus, { metrics, log, everyMs = 5_000 }: LagMetricsOptions): LagMetrics {
  const registers = [metrics]
  const records = new Gauge({
    name: 'sallyport_bus_lag_records',
    help: 'Records that wait for a group, by its role',
    labelNames,
    registers,
  })
  const oldestAge = new Gauge({
    name: 'sallyport_bus_oldest_age_seconds',
    help: 'Age of the oldest record that waits for a group, by its role',
    labelNames,
    registers,
  })
  const failures = new Counter({
    name: 'sallyport_bus_lag_failures_total',
    help: 'times that the bus did not say how far a group is behind',
    registers,
  })
  /** By group, each topic as often as somebody here consumes it. */
  const consumed = new Map<string, Map<string, number>>()
  let looking: Promise<void> | undefined

  const count = (group: string, topic: string, by: 1 | -1): void => {
    const topics = consumed.get(group) ?? new Map<string, number>()
    const consumers = (topics.get(topic) ?? 0) + by
    if (consumers > 0) topics.set(topic, consumers)
    else {
      topics.delete(topic)
      const labels = { group, topic, role: roleOfGroup(group) }
      records.remove(labels)
      oldestAge.remove(labels)
    }
    if (topics.size > 0) consumed.set(group, topics)
    else consumed.delete(group)
  }

  async function lookAt(group: string, topics: readonly string[]): Promise<void> {
    try {
      const lags = await bus.lag(group, topics)
      for (const topic of topics) {
        if (!consumed.get(group)?.has(topic)) continue
        const { waiting, oldestAgeMs } = sumOf(lags.filter((lag) => lag.topic === topic))
        const labels = { group, topic, role: roleOfGroup(group) }
        records.set(labels, waiting)
        oldestAge.set(labels, oldestAgeMs / 1000)
      }
    } catch (error) {
      failures.inc()
      log.debug({ err: error, group }, 'the bus does not say how far a group is behind')
    }
  }

  async function lookAtAll(): Promise<void> {
    await Promise.all(Array.from(consumed, ([group, topics]) => lookAt(group, [...topics.keys()])))
  }

  const look = (): Promise<void> => {
    looking ??= lookAtAll().finally(() => {
      looking = undefined
    })
    return looking
  }
  const timer = setInterval(() => void look(), everyMs)
  timer.unref()
  return {
    bus: {
      partitions: (topic) => bus.partitions(topic),
      publish: (record, options) => bus.publish(record, options),
      table: (options) => bus.table(options),
      lag: (group, topics) => bus.lag(group, topics),
      ...(bus.unread ? { unread: bus.unread.bind(bus) } : {}),
      close: () => bus.close(),
      async consume(options) {
        const consumer = await bus.consume(options)
        for (const topic of options.topics) count(options.group, topic, 1)
        let isStopped = false
        return {
          assigned: () => consumer.assigned(),
          pause: (partitions) => consumer.pause(partitions),
          resume: (partitions) => consumer.resume(partitions),
          async stop() {
            if (!isStopped) for (const topic of options.topics) count(options.group, topic, -1)
            isStopped = true
            await consumer.stop()
          },
        }
      },
    },
    look,
    stop: () => clearInterval(timer),
  }
}

function sumOf(lags: readonly Lag[]): { readonly waiting: number; readonly oldestAgeMs: number } {
  let waiting = 0
  let oldestAgeMs = 0
  for (const lag of lags) {
    waiting += lag.records
    oldestAgeMs = Math.max(oldestAgeMs, lag.oldestAgeMs)
  }
  return { waiting, oldestAgeMs }
}
