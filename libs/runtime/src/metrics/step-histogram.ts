/**
 * A histogram of prom-client that costs a look-up a step, and whose buckets name a trace (an exemplar of OpenMetrics) where the
 * message that fell into them has one that is exported.
 */
import { exportedTraceId } from '@sallyport/tracing'
import { Histogram } from 'prom-client'
import { labelled, Series } from './series.ts'
import type { StepMetricOptions } from './step-counter.ts'

export interface StepHistogramOptions<L extends string> extends StepMetricOptions<L> {
  /** Upper bounds, ascending. */
  readonly buckets: readonly number[]
}

export interface Exemplar {
  readonly labelSet: { readonly trace_id: string }
  readonly value: number
  /** Seconds since the epoch. */
  readonly timestamp: number
}

interface Distribution {
  /** One more than there are bounds: the last is for what lies above all. */
  readonly counts: Float64Array
  readonly exemplars: (Exemplar | undefined)[]
  sum: number
}

export class StepHistogram<L extends string> extends Histogram<L> {
  readonly #name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #names: readonly L[]
  readonly #series: Series<Distribution>

  constructor({ name, help, labelNames, registers, buckets, top }: StepHistogramOptions<L>) {
    super({ name, help, labelNames: [...labelNames], registers, buckets: [...buckets] })
    this.#name = name
    this.#help = help
    this.#bounds = buckets
    this.#names = labelNames
    this.#series = new Series(() => ({ counts: new Float64Array(buckets.length + 1), exemplars: [], sum: 0 }))
    if (labelNames.length === 0) this.#series.at([])
    top?.onFallen((value) => this.#series.forget(value))
  }

  /** `values`: one for each label, in the order of their names. `traceparent`: of the message. */
  record(values: readonly string[], value: number, traceparent?: string): void {
    const distribution = this.#series.at(values)
    const bounds = this.#bounds
    let bucket = 0
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket++
    distribution.counts[bucket] = (distribution.counts[bucket] ?? 0) + 1
    distribution.sum += value
    const traceId = exportedTraceId(traceparent)
    if (traceId !== undefined)
      distribution.exemplars[bucket] = { labelSet: { trace_id: traceId }, value, timestamp: Date.now() / 1000 }
  }

  override reset(): void {
    super.reset()
    // prom-client calls it while it constructs.
    if (#series in this) this.#series.forgetAll()
  }

  /** What prom-client makes both its text and `get` of, in its own form. */
  async getForPromString() {
    const values = Array.from(this.#series.entries()).flatMap(([labels, found]) => this.#told(labelled(this.#names, labels), found))
    return { name: this.#name, help: this.#help, type: 'histogram', aggregator: 'sum', values }
  }

  #told(sharedLabels: Partial<Record<L, string>>, { counts, exemplars, sum }: Distribution) {
    let below = 0
    const buckets = Array.from(counts, (count, index) => {
      below += count
      const labels = { le: this.#bounds[index] ?? '+Inf' }
      return { metricName: `${this.#name}_bucket`, labels, sharedLabels, value: below, exemplar: exemplars[index] }
    })
    return [
      ...buckets,
      { metricName: `${this.#name}_sum`, labels: {}, sharedLabels, value: sum },
      { metricName: `${this.#name}_count`, labels: {}, sharedLabels, value: below },
    ]
  }
}
