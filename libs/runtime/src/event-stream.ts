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
      // In one turn: they are patient, and go together.
      const published = eventParts(event).map((part) =>
        bus.publish(
          { topic: topics.events.name, key, headers: { traceparent }, value: eventCodec.encode(part) },
          { durable: options.durable, isPatient: true },
        ),
      )
      // One part, as a rule: nothing to gather.
      await (published.length === 1 ? published[0] : Promise.all(published))
    },
  }
}
