/** An event publisher that keeps what roles say. */
import type { MailEvent } from '@sallyport/contracts'
import type { EventPublisher } from '@sallyport/runtime'

export interface RecordedEvents extends EventPublisher {
  readonly recorded: readonly MailEvent[]
  /** Those of one kind. */
  of<K extends MailEvent['kind']>(kind: K): readonly Extract<MailEvent, { kind: K }>[]
  readonly faults: { publish?: (event: MailEvent) => Error | undefined }
}

export function recordedEvents(): RecordedEvents {
  const recorded: MailEvent[] = []
  const faults: RecordedEvents['faults'] = {}
  return {
    recorded,
    faults,
    of: <K extends MailEvent['kind']>(kind: K) =>
      recorded.filter((event): event is Extract<MailEvent, { kind: K }> => event.kind === kind),
    async publish(event) {
      const fault = faults.publish?.(event)
      if (fault) throw fault
      recorded.push(event)
    },
  }
}
