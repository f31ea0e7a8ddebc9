/** A span of ours that has ended, as OpenTelemetry's exporters read it. */
import { type Attributes, type HrTime, type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { LateAttributes, MessageSpan } from './message-span.ts'
import { parseTraceparent } from './traceparent.ts'

const instrumentationScope = { name: 'sallyport' }
const failed = { code: SpanStatusCode.ERROR }
const unset = { code: SpanStatusCode.UNSET }
const traceFlags = TraceFlags.SAMPLED

/** What is read once, by the exporter, is made then: until its batch is full an exported span is the span and this. */
export class ExportedSpan implements ReadableSpan {
  readonly #span: MessageSpan
  /** What is told of this process. */
  readonly resource: ReadableSpan['resource']
  readonly parentSpanContext?: SpanContext

  constructor(span: MessageSpan, resource: ReadableSpan['resource']) {
    this.#span = span
    this.resource = resource
    const { parent, trace } = span
    if (parent !== undefined) this.parentSpanContext = placeOf(trace.traceId, parent)
  }

  get name(): string {
    return this.#span.name
  }

  get kind(): SpanKind {
    return this.#span.options.kind ?? SpanKind.INTERNAL
  }

  spanContext(): SpanContext {
    return { traceId: this.#span.trace.traceId, spanId: this.#span.id, traceFlags }
  }

  get startTime(): HrTime {
    return hrTime(this.#span.beganMs)
  }

  get endTime(): HrTime {
    return hrTime(this.#span.beganMs + this.#span.tookMs)
  }

  get duration(): HrTime {
    return hrTime(this.#span.tookMs)
  }

  get status(): ReadableSpan['status'] {
    return this.#span.hasFailed ? failed : unset
  }

  get attributes(): Attributes {
    return defined(this.#span.options.attributes, this.#span.told)
  }

  get links(): ReadableSpan['links'] {
    return (this.#span.options.links ?? [])
      .map(parseTraceparent)
      .filter((link) => link !== undefined)
      .map(({ traceId, spanId }) => ({ context: { traceId, spanId, traceFlags, isRemote: true } }))
  }

  get events(): ReadableSpan['events'] {
    return []
  }

  get ended(): boolean {
    return true
  }

  get instrumentationScope(): ReadableSpan['instrumentationScope'] {
    return instrumentationScope
  }

  get droppedAttributesCount(): number {
    return 0
  }

  get droppedEventsCount(): number {
    return 0
  }

  get droppedLinksCount(): number {
    return 0
  }
}

const placeOf = (traceId: string, span: MessageSpan | string): SpanContext =>
  typeof span === 'string' ? { traceId, spanId: span, traceFlags, isRemote: true } : { traceId, spanId: span.id, traceFlags }

const hrTime = (ms: number): HrTime => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)]

function defined(...told: readonly (LateAttributes | undefined)[]): Attributes {
  const found: Attributes = {}
  for (const each of told) {
    const attributes = typeof each === 'function' ? each() : each
    for (const key in attributes) if (attributes[key] !== undefined) found[key] = attributes[key]
  }
  return found
}
