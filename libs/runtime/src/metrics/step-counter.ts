/** A counter of prom-client that costs a look-up a step: prom-client's own builds a text of all labels each time. */
import { Counter, type Registry } from 'prom-client'
import { labelled, Series } from './series.ts'
import type { TopLabels } from './top-labels.ts'

export interface StepMetricOptions<L extends string> {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly L[]
  readonly registers: Registry[]
  /** What bounds the values of the first label: series of those that fall out of it end. */
  readonly top?: TopLabels | undefined
}

interface Count {
  value: number
}

export class StepCounter<L extends string> extends Counter<L> {
  readonly #series = new Series<Count>(() => ({ value: 0 }))
  readonly #names: readonly L[]

  constructor({ name, help, labelNames, registers, top }: StepMetricOptions<L>) {
    super({ name, help, labelNames: [...labelNames], registers })
    this.#names = labelNames
    top?.onFallen((value) => this.#series.forget(value))
  }

  /** `values`: one for each label, in the order of their names. */
  count(values: readonly string[], by = 1): void {
    this.#series.at(values).value += by
  }

  override reset(): void {
    super.reset()
    // prom-client calls it while it constructs.
    if (#series in this) this.#series.forgetAll()
  }

  override async get() {
    const values = Array.from(this.#series.entries(), ([labels, { value }]) => ({ value, labels: labelled(this.#names, labels) }))
    return { ...(await super.get()), values }
  }
}
