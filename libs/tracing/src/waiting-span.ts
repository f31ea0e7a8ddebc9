/**
 * A span of a trace that nobody exports so far. Most are dropped, so it costs as little as can be: an object, and two looks at a
 * clock. Where its trace is kept after all, the exporter reads it as one of the SDK's.
 */
import {
  type Attributes,
  type AttributeValue,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

/** Where spans go when they end, and what is told of the process that made them. */
export interface WaitingRoom {
  readonly resource: ReadableSpan['resource']
  /** Whether the trace is sampled by its id. */
  isInShare(traceId: string): boolean
  onEnd(span: ReadableSpan): void
  /** Nothing of this trace will be looked at. */
  endedWell(traceId: string): void
}

export interface WaitingSpanStart {
  readonly name: string
  readonly kind: SpanKind
  readonly parent: SpanContext
  readonly attributes: Attributes | undefined
  readonly links: Link[]
  /** Wall clock, ms since the epoch. */
  readonly startedAt: number
}

/** Spans of a process have ids that count up, from a random number on: unique within a trace, and cheap. */
const processId = Math.floor(Math.random() * 2 ** 32)
  .toString(16)
  .padStart(8, '0')
let last = Math.floor(Math.random() * 2 ** 32)

function nextSpanId(): string {
  last = (last + 1) % 2 ** 32
  return processId + last.toString(16).padStart(8, '0')
}

const scope = { name: 'sallyport' }
const unset: SpanStatus = { code: SpanStatusCode.UNSET }
const hrTime = (ms: number): HrTime => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)]

/** What is the same for all, or made of other fields, takes no room in each: thousands wait. */
export class WaitingSpan implements Span, ReadableSpan {
  readonly name: string
  readonly kind: SpanKind
  readonly parentSpanContext: SpanContext
  readonly attributes: Attributes
  readonly links: Link[]
  status = unset
  ended = false
  readonly place: SpanContext
  readonly room: WaitingRoom
  readonly startedAtMs: number
  readonly beganMs = performance.now()
  tookMs = 0

  constructor({ name, kind, parent, attributes, links, startedAt }: WaitingSpanStart, room: WaitingRoom) {
    this.name = name
    this.kind = kind
    this.parentSpanContext = parent
    this.attributes = { ...attributes }
    this.links = links
    this.startedAtMs = startedAt
    this.room = room
    this.place = { traceId: parent.traceId, spanId: nextSpanId(), traceFlags: TraceFlags.NONE }
  }

  get resource(): ReadableSpan['resource'] {
    return this.room.resource
  }

  get instrumentationScope(): ReadableSpan['instrumentationScope'] {
    return scope
  }

  get events(): ReadableSpan['events'] {
    return []
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

  get startTime(): HrTime {
    return hrTime(this.startedAtMs)
  }

  get endTime(): HrTime {
    return hrTime(this.startedAtMs + this.tookMs)
  }

  get duration(): HrTime {
    return hrTime(this.tookMs)
  }

  spanContext(): SpanContext {
    return this.place
  }

  isRecording(): boolean {
    return !this.ended
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (!this.ended && value !== undefined) this.attributes[key] = value
    return this
  }

  setAttributes(attributes: Attributes): this {
    if (!this.ended) for (const key in attributes) if (attributes[key] !== undefined) this.attributes[key] = attributes[key]
    return this
  }

  setStatus(status: SpanStatus): this {
    if (!this.ended) this.status = status
    return this
  }

  end(): void {
    if (this.ended) return
    this.ended = true
    // One that was told to have begun earlier took that time, too.
    this.tookMs = Math.max(performance.now() - this.beganMs, Date.now() - this.startedAtMs - 1)
    this.room.onEnd(this)
  }

  /** Nothing of ours makes events, adds links later or changes names. */
  addEvent(): this {
    return this
  }

  addLink(): this {
    return this
  }

  addLinks(): this {
    return this
  }

  updateName(): this {
    return this
  }

  recordException(): void {}
}
