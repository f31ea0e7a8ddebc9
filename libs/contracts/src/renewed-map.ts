/**
 * A Map and a Set for what comes and goes. They behave as Map and Set do, and what was deleted can be collected soon.
 *
 * V8 gives a Map a new table when the old one is full, of deleted entries as well, and the old one keeps what was in it and points to the
 * new one, for iterators (`OrderedHashTable::Rehash`). Once such a table is of the old generation, as every table in use is after a full
 * collection, the next ones survive each young collection behind it, with all that was ever in them, until the next full one: in a
 * gateway under load that was nine tenths of all that survived. A copy of the Map is behind nothing, so one takes its place now and then.
 */

/** So many deletions cost less than the copy of a small Map, and keep little. */
const atLeast = 8

/** Whether a copy is to take the place of a Map or Set of this size, after so many deletions. */
export const isRenewalDue = (deletions: number, size: number): boolean => deletions >= atLeast && deletions >= size * 2

export class RenewedMap<K, V> {
  #map = new Map<K, V>()
  #deletions = 0

  get size(): number {
    return this.#map.size
  }

  get(key: K): V | undefined {
    return this.#map.get(key)
  }

  has(key: K): boolean {
    return this.#map.has(key)
  }

  set(key: K, value: V): this {
    this.#map.set(key, value)
    return this
  }

  delete(key: K): boolean {
    if (!this.#map.delete(key)) return false
    if (isRenewalDue(++this.#deletions, this.#map.size)) {
      this.#map = new Map(this.#map)
      this.#deletions = 0
    }
    return true
  }

  clear(): void {
    this.#map = new Map()
    this.#deletions = 0
  }

  /** The oldest. */
  first(): [K, V] | undefined {
    return this.#map.entries().next().value
  }

  /** In order of insertion. What is deleted meanwhile does not come; what is added may come or not. */
  *entries(): Generator<[K, V]> {
    const map = this.#map
    for (const entry of map) {
      if (map === this.#map) yield entry
      else if (this.#map.has(entry[0])) yield [entry[0], this.#map.get(entry[0]) as V]
    }
  }

  *keys(): Generator<K> {
    for (const [key] of this.entries()) yield key
  }

  *values(): Generator<V> {
    for (const [, value] of this.entries()) yield value
  }

  [Symbol.iterator](): Generator<[K, V]> {
    return this.entries()
  }
}

export class RenewedSet<T> {
  readonly #items = new RenewedMap<T, true>()

  get size(): number {
    return this.#items.size
  }

  has(item: T): boolean {
    return this.#items.has(item)
  }

  add(item: T): this {
    this.#items.set(item, true)
    return this
  }

  delete(item: T): boolean {
    return this.#items.delete(item)
  }

  clear(): void {
    this.#items.clear()
  }

  /** The oldest. */
  first(): T | undefined {
    return this.#items.first()?.[0]
  }

  /** As those of a `RenewedMap` come. */
  [Symbol.iterator](): Generator<T> {
    return this.#items.keys()
  }
}
