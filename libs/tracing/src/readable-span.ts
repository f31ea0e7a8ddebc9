/** A span of ours that has ended, as OpenTelemetry's exporters read it. */
import { type Attributes, type HrTime, type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { MessageSpan } from './message-span.ts'
import { parseTraceparent } from './traceparent.ts'

const instrumentationScope = { name: 'sallyport' }
const failed = { code: SpanStatusCode.ERROR }
const unset = { code: SpanStatusCode.UNSET }
const traceFlags = TraceFlags.SAMPLED

/** `resource`: what is told of this process. */
export function readableSpan(span: MessageSpan, resource: ReadableSpan['resource']): ReadableSpan {
  const { traceId } = span.trace
  const { kind = SpanKind.INTERNAL, attributes, links = [] } = span.options
  const place: SpanContext = { traceId, spanId: span.id, traceFlags }
  return {
    name: span.name,
    kind,
    spanContext: () => place,
    ...(span.parent === undefined ? {} : { parentSpanContext: placeOf(traceId, span.parent) }),
    startTime: hrTime(span.beganMs),
    endTime: hrTime(span.beganMs + span.tookMs),
    duration: hrTime(span.tookMs),
    status: span.hasFailed ? failed : unset,
    attributes: defined(attributes, span.told),
    links: links
      .map(parseTraceparent)
      .filter((link) => link !== undefined)
      .map(({ traceId, spanId }) => ({ context: { traceId, spanId, traceFlags, isRemote: true } })),
    events: [],
    ended: true,
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
}

const placeOf = (traceId: string, span: MessageSpan | string): SpanContext =>
  typeof span === 'string' ? { traceId, spanId: span, traceFlags, isRemote: true } : { traceId, spanId: span.id, traceFlags }

const hrTime = (ms: number): HrTime => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)]

function defined(...told: readonly (Attributes | undefined)[]): Attributes {
  const found: Attributes = {}
  for (const attributes of told) for (const key in attributes) if (attributes[key] !== undefined) found[key] = attributes[key]
  return found
}
