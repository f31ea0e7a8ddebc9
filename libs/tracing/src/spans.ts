/**
 * Spans as roles and adapters make them. Without tracing (`startTracing` was not called) all of this costs a test of a flag, and
 * names no trace.
 */
import {
  type Attributes,
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import type { KeptTraces } from './kept-traces.ts'
import { formatTraceparent, parseTraceparent } from './traceparent.ts'
import { type WaitingRoom, WaitingSpan } from './waiting-span.ts'

export { type Attributes, type Span, SpanKind } from '@opentelemetry/api'

export interface SpanOptions {
  /** Default INTERNAL. */
  readonly kind?: SpanKind
  readonly attributes?: Attributes
  /** The traceparent that it belongs under; default the span that is active. Where neither is, there is no span. */
  readonly parent?: string | undefined
  /** Traceparents of what led to it. */
  readonly links?: readonly (string | undefined)[]
  /** Wall clock, ms since the epoch; default now. */
  readonly startedAt?: number
}

const noSpan: Span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT)
let kept: KeptTraces | undefined
let tracer = trace.getTracer('sallyport')
let waiting: WaitingRoom | undefined

/** For `startTracing` and its end. `room`: for spans of traces that are not exported so far; without it the SDK makes those, too. */
export function useTracing(traces: KeptTraces | undefined, room?: WaitingRoom): void {
  kept = traces
  waiting = room
  tracer = trace.getTracer('sallyport')
}

export const isTracing = (): boolean => kept !== undefined

/** A span that its maker ends. Where there is no parent, one that records nothing. */
export function startSpan(name: string, options: SpanOptions = {}): Span {
  if (kept === undefined) return noSpan
  const under = contextOf(options.parent)
  if (trace.getSpan(under) === undefined) return noSpan
  return begin(kept, name, options, under)
}

/** The first span of a trace of its own, or of the one that `parent` names. */
export function startRootSpan(name: string, options: SpanOptions = {}): Span {
  if (kept === undefined) return noSpan
  const place = parseTraceparent(options.parent)
  const under = place ? trace.setSpanContext(ROOT_CONTEXT, place) : ROOT_CONTEXT
  return begin(kept, name, options, under)
}

/** Does `work` within a span, which is active meanwhile and ends when the work does, as failed where that throws or rejects. */
export function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => T): T {
  if (kept === undefined) return work(noSpan)
  const under = contextOf(options.parent)
  if (trace.getSpan(under) === undefined) return work(noSpan)
  const span = begin(kept, name, options, under)
  return within(span, under, work)
}

/** Does `work` with `span` active, and ends it as `inSpan` does. */
export function endingSpan<T>(span: Span, work: () => T): T {
  return span.isRecording() ? within(span, ROOT_CONTEXT, work) : work()
}

/** Does `work` with the span active, without ending it. */
export function underSpan<T>(span: Span, work: () => T): T {
  return span.isRecording() ? context.with(trace.setSpan(ROOT_CONTEXT, span), work) : work()
}

function within<T>(span: Span, under: Context, work: (span: Span) => T): T {
  try {
    const result = context.with(trace.setSpan(under, span), work, undefined, span)
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

/** Ends a span as failed. Errors of ours hold neither content nor addresses but in their texts, which are not told. */
export function endFailed(span: Span, error: unknown): void {
  markFailed(span, error)
  span.end()
}

/** What it was for has failed, although nothing is thrown. */
export function markFailed(span: Span, error: unknown): void {
  if (!span.isRecording()) return
  const type = error instanceof Error ? ('code' in error ? error.code : error.name) : typeof error
  span.setAttribute('error.type', String(type))
  span.setStatus({ code: SpanStatusCode.ERROR })
}

/** The place of a span as text; undefined where there is none. */
export function traceparentOf(span: Span): string | undefined {
  const place = span.spanContext()
  return place === INVALID_SPAN_CONTEXT || kept === undefined ? undefined : formatTraceparent(place)
}

/** The place of the span that is active; undefined where there is none. */
export function activeTraceparent(): string | undefined {
  if (kept === undefined) return undefined
  const span = trace.getActiveSpan()
  return span && traceparentOf(span)
}

/** Of the span that is active; undefined where there is none. */
export const activeTraceId = (): string | undefined =>
  kept === undefined ? undefined : trace.getActiveSpan()?.spanContext().traceId

/**
 * The message has come to what somebody will look at (refused, held, slow, failed): its trace is exported whatever the ratio
 * says, by every process, also what is already recorded. `reason` is told on the span.
 */
export function keepTrace(span: Span, reason: string): void {
  if (kept === undefined || !span.isRecording()) return
  span.setAttribute('mail.trace.kept', reason)
  kept.add(span.spanContext().traceId, 'own')
}

/**
 * All of the message has come where it should, in this process and at the first attempt: unless its trace is sampled or kept,
 * nobody will look at it.
 */
export function traceEndedWell(span: Span): void {
  if (kept !== undefined && span.isRecording()) waiting?.endedWell(span.spanContext().traceId)
}

/** The id of the trace where its spans are exported as far as is known here (sampled, or kept), else undefined. Costs next to nothing. */
export function exportedTraceId(traceparent: string | undefined): string | undefined {
  if (kept === undefined || traceparent === undefined) return undefined
  const traceId = traceparent.slice(3, 35)
  return (traceparent.charCodeAt(54) & TraceFlags.SAMPLED) !== 0 || kept.has(traceId) ? traceId : undefined
}

/** Keeps the trace of the span that is active, if there is one. */
export function keepActiveTrace(reason: string): void {
  if (kept === undefined) return
  const span = trace.getActiveSpan()
  if (span) keepTrace(span, reason)
}

/** Says more of the span that is active, if there is one. */
export function describeActiveSpan(attributes: Attributes): void {
  if (kept !== undefined) trace.getActiveSpan()?.setAttributes(attributes)
}

function contextOf(parent: string | undefined): Context {
  if (parent === undefined) return context.active()
  const place = parseTraceparent(parent)
  if (!place) return ROOT_CONTEXT
  const active = trace.getActiveSpan()
  // The span that is active stands nearer to what happens than the message's own place; of another message it is only company.
  if (active?.spanContext().traceId === place.traceId) return context.active()
  return trace.setSpanContext(ROOT_CONTEXT, place)
}

function begin(traces: KeptTraces, name: string, options: SpanOptions, under: Context): Span {
  const parent = waiting && trace.getSpanContext(under)
  if (!waiting || !parent || isExportedNow(traces, waiting, parent)) return tracer.startSpan(name, words(options), under)
  const { kind = SpanKind.INTERNAL, attributes, links, startedAt = Date.now() } = options
  return new WaitingSpan({ name, kind, parent, attributes, links: links ? linksTo(links) : [], startedAt }, waiting)
}

const isExportedNow = (traces: KeptTraces, room: WaitingRoom, { traceFlags, traceId, isRemote }: SpanContext): boolean =>
  (traceFlags & TraceFlags.SAMPLED) !== 0 ||
  traces.has(traceId) ||
  // Of another program, which may not have asked.
  (isRemote === true && room.isInShare(traceId))

const linksTo = (links: readonly (string | undefined)[]) =>
  links
    .map(parseTraceparent)
    .filter((place) => place !== undefined)
    .map((context) => ({ context }))

function words({ kind = SpanKind.INTERNAL, attributes, links = [], startedAt }: SpanOptions) {
  const places = linksTo(links)
  return {
    kind,
    ...(attributes ? { attributes } : {}),
    ...(startedAt === undefined ? {} : { startTime: startedAt }),
    ...(places.length > 0 ? { links: places } : {}),
  }
}
