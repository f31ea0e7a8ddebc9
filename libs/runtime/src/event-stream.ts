/** Publishes what roles say about messages on `mail.events`. */
import type { Bus } from '@sallyport/bus'
import { eventCodec, topics } from '@sallyport/contracts'
import { eventParts } from './event-parts.ts'
import type { EventPublisher } from './role.ts'

/**
 * `durable`: wait for the adapter's durability (Kafka: acks=all). The embedded bus does not need it: its recovery shows
 * a prefix of one environment, so an event can only be lost together with everything that was written after it.
 */
export function eventStream(bus: Bus, options: { readonly durable: boolean }): EventPublisher {
  return {
    async publish(event) {
      const { id: key, traceparent } = event
      const records = eventParts(event).map((part) => ({
        topic: topics.events.name,
        key,
        headers: { traceparent },
        value: eventCodec.encode(part),
      }))
      // In one turn: they are patient, and go together.
      await Promise.all(records.map((record) => bus.publish(record, { durable: options.durable, isPatient: true })))
    },
  }
}
