/** The lanes of one member, by name and as a list: it is gone through for each look for records, and changes hardly ever. */
import type { Lane } from './lane.ts'

export class LaneSet<L extends Lane> {
  readonly #byName = new Map<string, L>()
  #list: readonly L[] = []

  /** Never changed: another comes in its place. */
  get list(): readonly L[] {
    return this.#list
  }

  get(name: string): L | undefined {
    return this.#byName.get(name)
  }

  /** This very lane, and not another of its name. */
  has(lane: L): boolean {
    return this.#byName.get(lane.name) === lane
  }

  add(lane: L): void {
    this.#byName.set(lane.name, lane)
    this.#list = [...this.#byName.values()]
  }

  /** Unless its name is another's by now. */
  remove(lane: L): void {
    if (!this.has(lane)) return
    this.#byName.delete(lane.name)
    this.#list = [...this.#byName.values()]
  }
}
