/**
 * Spans as roles and adapters make them. Without tracing (`startTracing` was not called) all of this costs a test of a flag, and
 * names no trace.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { errorType } from '@sallyport/contracts/basics'
import { type LateAttributes, MessageSpan, type Span, type SpanOptions } from './message-span.ts'
import type { MessageTraces } from './message-traces.ts'
import { isSampled, parseTraceparent } from './traceparent.ts'

export { type Attributes, SpanKind } from '@opentelemetry/api'
export type { Span, SpanOptions } from './message-span.ts'

const noSpan: Span = {
  isRecording: () => false,
  setAttribute: () => noSpan,
  setAttributes: () => noSpan,
  end() {},
}
let traces: MessageTraces | undefined
const active = new AsyncLocalStorage<MessageSpan>()

/** For `startTracing` and its end. */
export function useTracing(inUse: MessageTraces | undefined): void {
  traces = inUse
}

export const isTracing = (): boolean => traces !== undefined

/** A span that its maker ends. Where there is no parent, one that records nothing. */
export const startSpan = (name: string, options: SpanOptions = {}): Span => begin(name, options) ?? noSpan

/** The first span of a trace of its own, or of the one that `parent` names. */
export function startRootSpan(name: string, options: SpanOptions = {}): Span {
  if (traces === undefined) return noSpan
  const place = parseTraceparent(options.parent)
  return place === undefined
    ? new MessageSpan(traces.begin(), undefined, name, options)
    : new MessageSpan(traces.at(place), place.spanId, name, options)
}

/** Does `work` within a span, which is active meanwhile and ends when the work does, as failed where that throws or rejects. */
export const inSpan = <T>(name: string, options: SpanOptions, work: (span: Span) => T): T =>
  endingSpan(begin(name, options) ?? noSpan, work)

/** Does `work` with `span` active, and ends it as `inSpan` does. */
export function endingSpan<T>(span: Span, work: (span: Span) => T): T {
  if (!(span instanceof MessageSpan)) return work(span)
  try {
    const result = active.run(span, work, span)
    if (!(result instanceof Promise)) {
      span.end()
      return result
    }
    result.then(
      () => span.end(),
      (error: unknown) => endFailed(span, error),
    )
    return result
  } catch (error) {
    endFailed(span, error)
    throw error
  }
}

/** Does `work` with the span active, without ending it. */
export const underSpan = <T>(span: Span, work: () => T): T => (span instanceof MessageSpan ? active.run(span, work) : work())

/** Ends a span as failed. Errors of ours hold neither content nor addresses but in their texts, which are not told. */
export function endFailed(span: Span, error: unknown): void {
  markFailed(span, error)
  span.end()
}

/** What it was for has failed, although nothing is thrown. */
export function markFailed(span: Span, error: unknown): void {
  if (!(span instanceof MessageSpan) || !span.isRecording()) return
  span.setAttribute('error.type', errorType(error))
  span.hasFailed = true
}

/** The place of a span as text; undefined where there is none. */
export const traceparentOf = (span: Span): string | undefined =>
  traces !== undefined && span instanceof MessageSpan ? span.traceparent : undefined

/** The place of the span that is active; undefined where there is none. */
export const activeTraceparent = (): string | undefined => activeSpan()?.traceparent

/** Of the span that is active; undefined where there is none. */
export const activeTraceId = (): string | undefined => activeSpan()?.trace.traceId

/**
 * The message has come to what somebody will look at (refused, held, slow, failed): its trace is exported whatever the ratio
 * says, by every process, also what is already recorded. `reason` is told on the span.
 */
export function keepTrace(span: Span, reason: string): void {
  if (!(span instanceof MessageSpan) || !span.isRecording()) return
  span.setAttribute('mail.trace.kept', reason)
  traces?.keep(span.trace)
}

/** Keeps the trace of the span that is active, if there is one. */
export function keepActiveTrace(reason: string): void {
  const span = activeSpan()
  if (span) keepTrace(span, reason)
}

/**
 * All of the message has come where it should, in this process and at the first attempt: unless its trace is sampled or kept,
 * nobody will look at it.
 */
export function traceEndedWell(span: Span): void {
  if (span instanceof MessageSpan) traces?.endedWell(span.trace)
}

/** The id of the trace where its spans are exported as far as is known here (sampled, or kept), else undefined. Costs next to nothing. */
export function exportedTraceId(traceparent: string | undefined): string | undefined {
  if (traces === undefined || traceparent === undefined) return undefined
  const traceId = traceparent.slice(3, 35)
  return isSampled(traceparent) || traces.isKept(traceId) ? traceId : undefined
}

/** Says more of the span that is active, if there is one. */
export function describeActiveSpan(attributes: LateAttributes): void {
  activeSpan()?.setAttributes(attributes)
}

const activeSpan = (): MessageSpan | undefined => (traces === undefined ? undefined : active.getStore())

function begin(name: string, options: SpanOptions): MessageSpan | undefined {
  if (traces === undefined) return undefined
  const { parent } = options
  const above = active.getStore()
  // The span that is active stands nearer to what happens than the message's own place; of another message it is only company.
  if (above !== undefined && (parent === undefined || parent.startsWith(above.trace.traceId, 3)))
    return new MessageSpan(above.trace, above, name, options)
  const place = parseTraceparent(parent)
  return place && new MessageSpan(traces.at(place), place.spanId, name, options)
}
