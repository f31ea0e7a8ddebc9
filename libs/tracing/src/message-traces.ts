/**
 * The traces of messages that are under way here. A share of them is exported, chosen by the trace's id, so that every service
 * chooses alike without asking. The spans of the others wait: when a trace turns out to be worth keeping they are exported after
 * all, else they are dropped.
 */
import { randomUUID } from 'node:crypto'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import { RecentIds, RenewedMap } from '@sallyport/contracts/basics'
import { ExportedSpan } from './exported-span.ts'
import type { KeptTraces } from './kept-traces.ts'
import type { MessageSpan } from './message-span.ts'
import type { Place } from './traceparent.ts'
import { followWallClock } from './wall-clock.ts'

export interface MessageTracesOptions {
  readonly kept: KeptTraces
  /** Of the traces, 0 to 1. */
  readonly ratio: number
  readonly exporting: Pick<SpanProcessor, 'onEnd'>
  /** What is told of this process. */
  readonly resource: ReadableSpan['resource']
  /** Monotonic, ms. */
  readonly elapsed: () => number
  /** How long the spans of a trace wait for a decision. */
  readonly holdMs: number
  /** Spans that wait, and traces that have some, at most: the oldest traces are dropped beyond it. */
  readonly maxHeld: number
}

/** One message's trace, as its spans of this process share it. */
export interface MessageTrace {
  readonly traces: MessageTraces
  readonly traceId: string
  /** Spans are exported as they end: by the ratio, since the record says so, or since the trace is kept. */
  isExported: boolean
  /** Nobody will look at it: what still ends of it is dropped. */
  hasEndedWell: boolean
  /** What has ended of it while nobody knew; undefined where it does not wait. */
  waiting: MessageSpan[] | undefined
  untilMs: number
}

/** Whose time is over is looked for so often while one waits, not at every span. */
const looksPerHold = 100

/** So long at least no span of a trace that has ended well waits, and at most twice. */
const endedMs = 2_000

export class MessageTraces {
  readonly #options: MessageTracesOptions
  /** In order of time. */
  readonly #waiting = new RenewedMap<string, MessageTrace>()
  readonly #stopListening: () => void
  #held = 0
  /** Traces that have ended well. */
  readonly #ended: RecentIds
  #lookAtMs = 0

  constructor(options: MessageTracesOptions) {
    this.#options = options
    this.#ended = new RecentIds({ elapsed: options.elapsed, keepMs: endedMs })
    this.#stopListening = options.kept.onAdded((traceId) => this.#release(traceId))
  }

  /** Spans that wait for a decision. */
  get held(): number {
    return this.#held
  }

  /** Traces that spans may wait in. */
  get size(): number {
    return this.#waiting.size
  }

  /** Of a message that begins here. */
  begin(): MessageTrace {
    // Of its last 56 bits all are random, as W3C Trace Context, level 2, asks.
    return this.#add(randomUUID().replaceAll('-', ''), false)
  }

  /** The trace in which the place is. */
  at({ traceId, isSampled }: Place): MessageTrace {
    const known = this.#waiting.get(traceId)
    if (known === undefined) return this.#add(traceId, isSampled)
    // Another process keeps it, and its record came before the news.
    if (isSampled) this.#release(traceId)
    return known
  }

  ended(span: MessageSpan): void {
    const { trace } = span
    // Whatever failed is worth a look, whoever else noticed.
    if (span.hasFailed) this.keep(trace)
    if (this.isExported(trace)) this.#export(span)
    else if (!trace.hasEndedWell) this.#hold(trace, span)
  }

  isKept(traceId: string): boolean {
    return this.#options.kept.has(traceId)
  }

  /** As far as is known here. */
  isExported(trace: MessageTrace): boolean {
    return trace.isExported || this.isKept(trace.traceId)
  }

  keep(trace: MessageTrace): void {
    this.#options.kept.add(trace.traceId, 'own')
    trace.isExported = true
  }

  /**
   * Nobody will want to look at this trace: what waits of it is dropped, and so is what still ends. Held to the end of its time
   * it would be old when it is dropped, and cost the garbage collector more than all else of tracing.
   */
  endedWell(trace: MessageTrace): void {
    if (this.isExported(trace)) return
    trace.hasEndedWell = true
    this.#take(trace)
    this.#ended.add(trace.traceId)
  }

  stop(): void {
    this.#stopListening()
    this.#waiting.clear()
    this.#ended.clear()
    this.#held = 0
  }

  #add(traceId: string, isSampled: boolean): MessageTrace {
    const { kept, ratio } = this.#options
    const isExported = isSampled || isInShare(traceId, ratio) || kept.has(traceId)
    const hasEndedWell = this.#ended.has(traceId)
    const trace: MessageTrace = { traces: this, traceId, isExported, hasEndedWell, waiting: undefined, untilMs: 0 }
    if (!isExported && !hasEndedWell) this.#wait(trace)
    return trace
  }

  #wait(trace: MessageTrace): MessageSpan[] {
    const now = this.#options.elapsed()
    const spans: MessageSpan[] = []
    trace.waiting = spans
    trace.untilMs = now + this.#options.holdMs
    this.#waiting.set(trace.traceId, trace)
    if (now >= this.#lookAtMs || this.#isFull()) this.#dropOld(now)
    return spans
  }

  #hold(trace: MessageTrace, span: MessageSpan): void {
    // One whose time was over may be known by another object since.
    const spans = trace.waiting ?? this.#waiting.get(trace.traceId)?.waiting ?? this.#wait(trace)
    spans.push(span)
    this.#held++
    if (this.#isFull()) this.#dropOld(this.#options.elapsed())
  }

  #isFull(): boolean {
    const { maxHeld } = this.#options
    return this.#held > maxHeld || this.#waiting.size > maxHeld
  }

  #dropOld(now: number): void {
    this.#lookAtMs = now + this.#options.holdMs / looksPerHold
    followWallClock()
    for (const trace of this.#waiting.values()) {
      if (trace.untilMs > now && !this.#isFull()) return
      this.#take(trace)
    }
  }

  #take(trace: MessageTrace): readonly MessageSpan[] {
    const spans = trace.waiting
    if (spans === undefined) return []
    trace.waiting = undefined
    this.#waiting.delete(trace.traceId)
    this.#held -= spans.length
    return spans
  }

  #release(traceId: string): void {
    const trace = this.#waiting.get(traceId)
    if (trace === undefined) return
    trace.isExported = true
    for (const span of this.#take(trace)) this.#export(span)
  }

  #export(span: MessageSpan): void {
    this.#options.exporting.onEnd(new ExportedSpan(span, this.#options.resource))
  }
}

/** 52 of the random bits of a trace's id (W3C Trace Context, level 2) make a number below 1. */
const isInShare = (traceId: string, ratio: number): boolean => Number.parseInt(traceId.slice(19), 16) < ratio * 2 ** 52
