/**
 * A bus whose records carry the trace: each publish of a record with a `traceparent` is a PRODUCER span, whose place the record
 * carries on, and each handling a CONSUMER span below it, which is active for what the handler does. Both adapters of the bus alike
 * (OpenTelemetry semantic conventions for messaging).
 */
import type { Bus, ConsumeOptions, DeliveredRecord, OutgoingRecord } from '@sallyport/bus'
import { topics } from '@sallyport/contracts'
import { endFailed, endingSpan, isTracing, SpanKind, startRootSpan, startSpan, traceparentOf } from './spans.ts'

/** What happened is told there, and nobody acts upon it for the message: no spans, the place is carried as it is. */
const notTraced = new Set<string>([
  topics.events.name,
  ...Object.values(topics)
    .filter(({ retention }) => retention.kind === 'table')
    .map(({ name }) => name),
])

/** `system`: `kafka`, or `sallyport` for the embedded bus. */
export function tracedBus(bus: Bus, system: string): Bus {
  return {
    partitions: (topic) => bus.partitions(topic),
    publish(record, options) {
      const carried = record.headers?.traceparent
      if (!isTracing() || carried === undefined || notTraced.has(record.topic)) return bus.publish(record, options)
      const { topic, key } = record
      const span = startSpan(namesOf(topic).send, {
        kind: SpanKind.PRODUCER,
        parent: carried,
        attributes: {
          'messaging.system': system,
          'messaging.operation.name': 'send',
          'messaging.operation.type': 'send',
          'messaging.destination.name': topic,
          'mail.message.id': key,
        },
      })
      const published = bus.publish(carrying(record, traceparentOf(span)), options)
      published.then(
        ({ partition }) => span.setAttribute('messaging.destination.partition.id', String(partition)).end(),
        (error: unknown) => endFailed(span, error),
      )
      return published
    },
    consume: (options) => bus.consume(isTracing() ? { ...options, handle: tracedHandle(options, system) } : options),
    table: (options) => bus.table(options),
    lag: (group, of) => bus.lag(group, of),
    ...(bus.unread ? { unread: bus.unread.bind(bus) } : {}),
    close: () => bus.close(),
  }
}

function tracedHandle({ handle, group }: ConsumeOptions, system: string): ConsumeOptions['handle'] {
  return (record: DeliveredRecord) => {
    const { topic, partition, offset, key } = record
    const { traceparent } = record.headers
    if (traceparent === undefined || notTraced.has(topic)) return handle(record)
    const span = startRootSpan(namesOf(topic).process, {
      kind: SpanKind.CONSUMER,
      parent: traceparent,
      attributes: {
        'messaging.system': system,
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': topic,
        'messaging.destination.partition.id': String(partition),
        'messaging.consumer.group.name': group,
        'messaging.kafka.offset': offset,
        'mail.message.id': key,
      },
    })
    return endingSpan(span, () => handle(record))
  }
}

function carrying(record: OutgoingRecord, traceparent: string | undefined): OutgoingRecord {
  return traceparent === undefined ? record : { ...record, headers: { ...record.headers, traceparent } }
}

/** There are few, and to look one up costs less than to put it together. */
const names = new Map<string, { readonly send: string; readonly process: string }>()

function namesOf(topic: string): { readonly send: string; readonly process: string } {
  const known = names.get(topic)
  if (known !== undefined) return known
  const made = { send: `send ${topic}`, process: `process ${topic}` }
  names.set(topic, made)
  return made
}
