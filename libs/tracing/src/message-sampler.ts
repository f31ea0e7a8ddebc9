/**
 * Decides by the trace's id, so that every service decides alike without asking: a share of the traces is sampled. The others are
 * recorded, too, and wait in memory for whether they have to be kept (`KeepingProcessor`).
 */
import { type Context, TraceFlags, trace } from '@opentelemetry/api'
import { type Sampler, SamplingDecision, type SamplingResult } from '@opentelemetry/sdk-trace'
import type { KeptTraces } from './kept-traces.ts'

const sampled: SamplingResult = { decision: SamplingDecision.RECORD_AND_SAMPLED }
const recorded: SamplingResult = { decision: SamplingDecision.RECORD }

export class MessageSampler implements Sampler {
  readonly #ratio: number
  readonly #kept: KeptTraces

  /** `ratio`: of the traces, 0 to 1. */
  constructor(ratio: number, kept: KeptTraces) {
    this.#ratio = ratio
    this.#kept = kept
  }

  shouldSample(context: Context, traceId: string): SamplingResult {
    const parent = trace.getSpanContext(context)
    if (parent && (parent.traceFlags & TraceFlags.SAMPLED) !== 0) return sampled
    return isInShare(traceId, this.#ratio) || this.#kept.has(traceId) ? sampled : recorded
  }

  toString(): string {
    return `MessageSampler{${this.#ratio}}`
  }
}

/** The last 56 bits of a trace's id are random (W3C Trace Context, level 2): 52 of them make a number below 1. */
export function isInShare(traceId: string, ratio: number): boolean {
  return Number.parseInt(traceId.slice(19), 16) < ratio * 2 ** 52
}
