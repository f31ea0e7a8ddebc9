/** The place of a span as text: the `traceparent` of W3C Trace Context, level 1. */
import { isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api'

const version00 = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

/** Undefined where the text is none, or names no trace. */
export function parseTraceparent(text: string | undefined): SpanContext | undefined {
  // What is sent is handled next, and a record begins several spans.
  if (text === lastText) return lastPlace
  lastPlace = parse(text)
  lastText = text
  return lastPlace
}

let lastText: string | undefined
let lastPlace: SpanContext | undefined

function parse(text: string | undefined): SpanContext | undefined {
  const found = text === undefined ? null : version00.exec(text.trim())
  if (!found) return undefined
  const [, traceId = '', spanId = '', flags = ''] = found
  const place = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true }
  return isSpanContextValid(place) ? place : undefined
}

export function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`
}

/** The 32 hexadecimal digits that name the trace, or '' where the text is no traceparent. */
export const traceIdOf = (text: string): string => version00.exec(text)?.[1] ?? ''
