/** The series of a metric by the values of its labels: found without building a text, since it is done for every step of every message. */

type Level<Cell> = Map<string, Level<Cell> | Cell>

export class Series<Cell extends object> {
  readonly #top: Level<Cell> = new Map()
  readonly #make: () => Cell

  constructor(make: () => Cell) {
    this.#make = make
  }

  /** Always as many values as the metric has labels. */
  at(values: readonly string[]): Cell {
    const last = values.length - 1
    let level = this.#top
    for (let index = 0; index < last; index++) {
      const value = values[index] ?? ''
      let next = level.get(value)
      if (!(next instanceof Map)) {
        next = new Map()
        level.set(value, next)
      }
      level = next
    }
    const found = level.get(values[last] ?? '')
    if (found !== undefined && !(found instanceof Map)) return found
    const made = this.#make()
    level.set(values[last] ?? '', made)
    return made
  }

  /** Drops every series whose first label has this value. */
  forget(first: string): void {
    this.#top.delete(first)
  }

  forgetAll(): void {
    this.#top.clear()
  }

  entries(): IterableIterator<readonly [values: readonly string[], cell: Cell]> {
    return below(this.#top, [])
  }
}

function* below<Cell extends object>(
  level: Level<Cell>,
  before: readonly string[],
): IterableIterator<readonly [readonly string[], Cell]> {
  for (const [value, found] of level) {
    const values = [...before, value]
    if (found instanceof Map) yield* below(found, values)
    else yield [values, found]
  }
}

/** The labels of a series as prom-client has them. */
export const labelled = <L extends string>(names: readonly L[], values: readonly string[]): Partial<Record<L, string>> => {
  const labels: Partial<Record<L, string>> = {}
  for (const [index, name] of names.entries()) labels[name] = values[index] ?? ''
  return labels
}
