/** A bus that says of every step how often, how long and how often in vain: each publish by its topic, each handling by group and topic. */
import type { Bus, ConsumeOptions } from '@sallyport/bus'
import { SallyportError } from '@sallyport/contracts'
import type { Registry } from 'prom-client'
import { StepCounter } from './step-counter.ts'
import { StepHistogram } from './step-histogram.ts'

const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** `bus` stays the caller's to close. */
export function meteredBus(bus: Bus, metrics: Registry): Bus {
  const registers = [metrics]
  const published = new StepHistogram({
    name: 'sallyport_bus_publish_seconds',
    help: 'From the publish of a record until it is as safe as it was to be, by topic',
    labelNames: ['topic'],
    buckets,
    registers,
  })
  const publishFailures = new StepCounter({
    name: 'sallyport_bus_publish_failures_total',
    help: 'Publishes that failed, by topic and error',
    labelNames: ['topic', 'error'],
    registers,
  })
  const processed = new StepHistogram({
    name: 'sallyport_bus_process_seconds',
    help: 'How long a role handled a record, by group and topic; what it does later with one that it keeps is not in it',
    labelNames: ['group', 'topic'],
    buckets,
    registers,
  })
  const processFailures = new StepCounter({
    name: 'sallyport_bus_process_failures_total',
    help: 'Records whose handling failed and is tried again, or that went to mail.dead, by group, topic and error',
    labelNames: ['group', 'topic', 'error'],
    registers,
  })

  function meteredHandle({ group, handle }: ConsumeOptions): ConsumeOptions['handle'] {
    return (record) => {
      const { topic } = record
      const beganMs = performance.now()
      const done = (): void => processed.record([group, topic], (performance.now() - beganMs) / 1000, record.headers.traceparent)
      const failed = (error: unknown): never => {
        processFailures.count([group, topic, codeOf(error)])
        throw error
      }
      try {
        const handled = handle(record)
        if (handled instanceof Promise) return handled.then(done, failed)
        done()
      } catch (error) {
        failed(error)
      }
    }
  }

  return {
    partitions: (topic) => bus.partitions(topic),
    publish(record, options) {
      const { topic } = record
      const beganMs = performance.now()
      const publishing = bus.publish(record, options)
      publishing.then(
        () => published.record([topic], (performance.now() - beganMs) / 1000, record.headers?.traceparent),
        (error: unknown) => publishFailures.count([topic, codeOf(error)]),
      )
      return publishing
    },
    consume: (options) => bus.consume({ ...options, handle: meteredHandle(options) }),
    table: (options) => bus.table(options),
    lag: (group, topics) => bus.lag(group, topics),
    ...(bus.unread ? { unread: bus.unread.bind(bus) } : {}),
    close: () => bus.close(),
  }
}

const codeOf = (error: unknown): string => (error instanceof SallyportError ? error.code : 'other')
