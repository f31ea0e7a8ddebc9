/** The place of a span as text: the `traceparent` of W3C Trace Context, level 1. */

export interface Place {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits. */
  readonly spanId: string
  readonly isSampled: boolean
}

const version00 = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** Undefined where the text is none, or names no trace. */
export function parseTraceparent(text: string | undefined): Place | undefined {
  // Each checker reads the same record, and a record begins several spans.
  if (text === lastText) return lastPlace
  lastPlace = parse(text)
  lastText = text
  return lastPlace
}

let lastText: string | undefined
let lastPlace: Place | undefined

function parse(text: string | undefined): Place | undefined {
  const trimmed = text?.trim()
  if (trimmed === undefined || !version00.test(trimmed)) return undefined
  return { traceId: trimmed.slice(3, 35), spanId: trimmed.slice(36, 52), isSampled: isSampled(trimmed) }
}

/** What the last digit says of a text that is a traceparent. */
export function isSampled(traceparent: string): boolean {
  const code = traceparent.charCodeAt(54)
  // Of letters, whose code has the sixth bit, the odd ones are even digits.
  return ((code ^ (code >> 6)) & 1) !== 0
}

export const formatTraceparent = ({ traceId, spanId, isSampled }: Place): string => `00-${traceId}-${spanId}-0${isSampled ? 1 : 0}`

/** The 32 hexadecimal digits that name the trace, or '' where the text is no traceparent. */
export const traceIdOf = (text: string): string => parseTraceparent(text)?.traceId ?? ''
