/** Spans of what the console writes: one transaction holds events of many messages, so each trace that is exported gets its own. */
import type { RecordedEvent, Records } from '@sallyport/records'
import { endFailed, exportedTraceId, SpanKind, startSpan } from '@sallyport/tracing'

export interface StoreSpans {
  stored(): void
  failed(error: unknown): void
}

/** Makes nothing for messages whose traces nobody will see. By OpenTelemetry's conventions for databases. */
export function storeSpans(events: readonly RecordedEvent[], system: Records['system']): StoreSpans {
  const parents = new Map<string, string>()
  for (const { event } of events) {
    const traceId = exportedTraceId(event.traceparent)
    if (traceId !== undefined) parents.set(traceId, event.traceparent)
  }
  const attributes = { 'db.system.name': system, 'db.operation.name': 'INSERT', 'db.operation.batch.size': events.length }
  const spans = Array.from(parents.values(), (parent) => startSpan('INSERT events', { kind: SpanKind.CLIENT, parent, attributes }))
  return {
    stored() {
      for (const span of spans) span.end()
    },
    failed(error) {
      for (const span of spans) endFailed(span, error)
    },
  }
}
