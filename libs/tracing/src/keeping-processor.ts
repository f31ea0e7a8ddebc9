/**
 * Exports what is sampled, and holds what is not for a while: when the trace turns out to be worth keeping its spans are
 * exported after all, else they are dropped.
 */
import { SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { KeptTraces } from './kept-traces.ts'

export interface KeepingOptions {
  readonly kept: KeptTraces
  /** Exports spans that are sampled. */
  readonly exporting: SpanProcessor
  /** Monotonic, ms. */
  readonly elapsed: () => number
  /** How long the spans of a trace wait for a decision. */
  readonly holdMs: number
  /** Spans that wait, at most: the oldest traces are dropped beyond it. */
  readonly maxHeld: number
}

/** Whose time is over is looked for so often while one waits, not at every span. */
const looksPerHold = 100

/** How long spans of a trace that has ended well may still end, after what ended it. */
const endedMs = 2_000

interface Held {
  readonly untilMs: number
  readonly spans: ReadableSpan[]
}

export class KeepingProcessor implements SpanProcessor {
  readonly #options: KeepingOptions
  readonly #held = new Map<string, Held>()
  readonly #stopListening: () => void
  /** Traces that have ended well, and until when their last spans may come. */
  readonly #ended = new Map<string, number>()
  #count = 0
  #lookAtMs = 0

  constructor(options: KeepingOptions) {
    this.#options = options
    this.#stopListening = options.kept.onAdded((traceId) => this.#release(traceId))
  }

  /** Spans that wait for a decision. */
  get held(): number {
    return this.#count
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    const { kept, exporting } = this.#options
    const { traceId, traceFlags } = span.spanContext()
    // Whatever failed is worth a look, whoever else noticed.
    if (span.status.code === SpanStatusCode.ERROR) kept.add(traceId, 'own')
    if ((traceFlags & TraceFlags.SAMPLED) !== 0) exporting.onEnd(span)
    else if (kept.has(traceId)) exporting.onEnd(asSampled(span))
    else if (!this.#ended.has(traceId)) this.#hold(traceId, span)
  }

  /**
   * Nobody will want to look at this trace: what waits of it is dropped, and so is what still ends. Held to the end of its time
   * it would be old when it is dropped, and cost the garbage collector more than all else of tracing.
   */
  endedWell(traceId: string): void {
    if (this.#options.kept.has(traceId)) return
    const now = this.#options.elapsed()
    for (const [id, untilMs] of this.#ended) {
      if (untilMs > now) break
      this.#ended.delete(id)
    }
    this.#ended.set(traceId, now + endedMs)
    this.#takeHeld(traceId)
  }

  async forceFlush(): Promise<void> {
    await this.#options.exporting.forceFlush()
  }

  async shutdown(): Promise<void> {
    this.#stopListening()
    this.#held.clear()
    this.#ended.clear()
    this.#count = 0
    await this.#options.exporting.shutdown()
  }

  #hold(traceId: string, span: ReadableSpan): void {
    const { elapsed, holdMs, maxHeld } = this.#options
    const now = elapsed()
    const known = this.#held.get(traceId)
    if (known) known.spans.push(span)
    else this.#held.set(traceId, { untilMs: now + holdMs, spans: [span] })
    this.#count++
    if (this.#count > maxHeld || now >= this.#lookAtMs) this.#dropOld(now)
  }

  /** In the order of a Map the first came first. */
  #dropOld(now: number): void {
    this.#lookAtMs = now + this.#options.holdMs / looksPerHold
    for (const [traceId, { untilMs }] of this.#held) {
      if (untilMs > now && this.#count <= this.#options.maxHeld) return
      this.#takeHeld(traceId)
    }
  }

  #takeHeld(traceId: string): readonly ReadableSpan[] {
    const spans = this.#held.get(traceId)?.spans ?? []
    this.#held.delete(traceId)
    this.#count -= spans.length
    return spans
  }

  #release(traceId: string): void {
    for (const span of this.#takeHeld(traceId)) this.#options.exporting.onEnd(asSampled(span))
  }
}

/** What exports looks at the flag. */
function asSampled(span: ReadableSpan): ReadableSpan {
  const place = { ...span.spanContext(), traceFlags: TraceFlags.SAMPLED }
  return Object.create(span, { spanContext: { value: () => place } })
}
