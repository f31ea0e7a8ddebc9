/**
 * A span that costs as little as can be, since most are dropped: what it was made from, and two looks at a clock. Everything else,
 * its id too, is made where it is needed: when it is exported (`ExportedSpan`), or when a record carries its place on.
 */
import type { Attributes, AttributeValue, SpanKind } from '@opentelemetry/api'
import type { MessageTrace } from './message-traces.ts'
import { formatTraceparent } from './traceparent.ts'
import { wallMs } from './wall-clock.ts'

/** As a function: made only if the span is exported. */
export type LateAttributes = Attributes | (() => Attributes)

export interface SpanOptions {
  /** Default INTERNAL. */
  readonly kind?: SpanKind
  /** Kept as they are: not to be changed afterwards. */
  readonly attributes?: Attributes
  /** The traceparent that it belongs under; default the span that is active. Where neither is, there is no span. */
  readonly parent?: string | undefined
  /** Traceparents of what led to it. */
  readonly links?: readonly (string | undefined)[]
  /** Wall clock, ms since the epoch; default now. */
  readonly startedAt?: number
}

/** What roles and adapters do with a span. */
export interface Span {
  isRecording(): boolean
  setAttribute(key: string, value: AttributeValue | undefined): this
  /** Kept as they are: not to be changed afterwards. */
  setAttributes(attributes: LateAttributes): this
  end(): void
}

/** Spans of a process have ids that count up, from a random number on: unique within a trace, and cheap. */
const processId = Math.floor(Math.random() * 2 ** 32)
  .toString(16)
  .padStart(8, '0')
/** Of eight digits, without a zero before them. */
const smallest = 2 ** 28
let last = smallest + Math.floor(Math.random() * (2 ** 32 - smallest))

function nextSpanId(): string {
  last = last + 1 < 2 ** 32 ? last + 1 : smallest
  return processId + last.toString(16)
}

export class MessageSpan implements Span {
  readonly trace: MessageTrace
  /** A span of this process, or the id of another's. */
  readonly parent: MessageSpan | string | undefined
  readonly name: string
  readonly options: SpanOptions
  /** Wall clock, ms since the epoch, with fractions. */
  readonly beganMs: number
  /** Below 0 until it has ended. */
  tookMs = -1
  hasFailed = false
  /** What was told after it began. */
  told: LateAttributes | undefined
  #id: string | undefined

  constructor(trace: MessageTrace, parent: MessageSpan | string | undefined, name: string, options: SpanOptions) {
    this.trace = trace
    this.parent = parent
    this.name = name
    this.options = options
    this.beganMs = options.startedAt ?? wallMs()
  }

  /** 16 hexadecimal digits. */
  get id(): string {
    this.#id ??= nextSpanId()
    return this.#id
  }

  get traceparent(): string {
    const { traces, traceId } = this.trace
    return formatTraceparent({ traceId, spanId: this.id, isSampled: traces.isExported(this.trace) })
  }

  isRecording(): boolean {
    return this.tookMs < 0
  }

  setAttribute(key: string, value: AttributeValue | undefined): this {
    return this.setAttributes({ [key]: value })
  }

  setAttributes(attributes: LateAttributes): this {
    if (this.isRecording()) this.told = this.told === undefined ? attributes : both(this.told, attributes)
    return this
  }

  end(): void {
    if (!this.isRecording()) return
    this.tookMs = Math.max(0, wallMs() - this.beganMs)
    this.trace.traces.ended(this)
  }
}

const both =
  (first: LateAttributes, second: LateAttributes): LateAttributes =>
  () => ({ ...made(first), ...made(second) })

const made = (attributes: LateAttributes): Attributes => (typeof attributes === 'function' ? attributes() : attributes)
