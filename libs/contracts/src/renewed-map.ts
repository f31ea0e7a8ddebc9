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

const isDue = (deletions: number, size: number): boolean => deletions >= atLeast && deletions >= size * 2

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
    if (isDue(++this.#deletions, this.#map.size)) {
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
  firstKey(): K | undefined {
    return this.#map.keys().next().value
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
  #set = new Set<T>()
  #deletions = 0

  get size(): number {
    return this.#set.size
  }

  has(item: T): boolean {
    return this.#set.has(item)
  }

  add(item: T): this {
    this.#set.add(item)
    return this
  }

  delete(item: T): boolean {
    if (!this.#set.delete(item)) return false
    if (isDue(++this.#deletions, this.#set.size)) {
      this.#set = new Set(this.#set)
      this.#deletions = 0
    }
    return true
  }

  clear(): void {
    this.#set = new Set()
    this.#deletions = 0
  }

  /** The oldest. */
  first(): T | undefined {
    return this.#set.values().next().value
  }

  /** In order of insertion. What is deleted meanwhile does not come; what is added may come or not. */
  *[Symbol.iterator](): Generator<T> {
    const set = this.#set
    for (const item of set) if (set === this.#set || this.#set.has(item)) yield item
  }
}
