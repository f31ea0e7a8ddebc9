/** One timer wheel for every deadline of the role, so that a join costs no timer of its own. */
import { RenewedMap, RenewedSet } from '@sallyport/contracts'

export interface Timed {
  /** Monotonic ms. Owned by `Deadlines`: change it with `set` only. */
  deadlineMs: number
}

/** Items by the tick in which their deadline falls; `set`, `remove` and each due item cost O(1). */
export class Deadlines<T extends Timed> {
  readonly #tickMs: number
  readonly #slots = new RenewedMap<number, RenewedSet<T>>()
  /** The first slot that `due` has not emptied yet. */
  #next: number

  constructor(tickMs: number, nowMs: number) {
    this.#tickMs = tickMs
    this.#next = this.#slotOf(nowMs)
  }

  /** Puts the item's deadline at `atMs`. It is due at most one tick later (where that is past: within a tick from now), never earlier. */
  set(item: T, atMs: number): void {
    this.remove(item)
    item.deadlineMs = atMs
    const slot = Math.max(this.#slotOf(atMs), this.#next)
    const items = this.#slots.get(slot)
    if (items) items.add(item)
    else this.#slots.set(slot, new RenewedSet<T>().add(item))
  }

  remove(item: T): void {
    const slot = Math.max(this.#slotOf(item.deadlineMs), this.#next)
    const items = this.#slots.get(slot)
    if (items?.delete(item) && items.size === 0) this.#slots.delete(slot)
  }

  /** Takes out and returns what is due. The caller sets or forgets each again. */
  due(nowMs: number): readonly T[] {
    const last = Math.floor(nowMs / this.#tickMs)
    const due: T[] = []
    for (; this.#next <= last; this.#next++) {
      const items = this.#slots.get(this.#next)
      if (!items) continue
      this.#slots.delete(this.#next)
      due.push(...items)
    }
    return due
  }

  #slotOf(atMs: number): number {
    return Math.ceil(atMs / this.#tickMs)
  }
}
