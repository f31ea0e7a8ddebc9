/** What is sent next: classes urgent:normal:bulk as 8:4:1, and round robin over the applications within a class. */
import { RenewedMap, type TrafficClass } from '@sallyport/contracts'

export interface WeightedQueue<T> {
  push(item: T, trafficClass: TrafficClass, application: string): void
  /** The next in turn, or undefined. */
  shift(): T | undefined
  /** Takes out what `isWanted` accepts, newest last, at most `limit`. */
  take(limit: number, isWanted: (item: T) => boolean): T[]
  readonly size: number
}

const weights: Readonly<Record<TrafficClass, number>> = { urgent: 8, normal: 4, bulk: 1 }
const classes: readonly TrafficClass[] = ['urgent', 'normal', 'bulk']

/** Arrays that are read from the front: cheap to shift. */
class Line<T> {
  #items: T[] = []
  #head = 0
  get length(): number {
    return this.#items.length - this.#head
  }
  push(item: T): void {
    this.#items.push(item)
  }
  shift(): T | undefined {
    const item = this.#items[this.#head++]
    if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }
  take(limit: number, isWanted: (item: T) => boolean): T[] {
    const taken: T[] = []
    const kept: T[] = []
    for (const item of this.#items.slice(this.#head)) (taken.length < limit && isWanted(item) ? taken : kept).push(item)
    this.#items = kept
    this.#head = 0
    return taken
  }
}

interface ClassQueue<T> {
  readonly weight: number
  /** Smooth weighted round robin: grows by the weight each turn, and falls by the total when chosen. */
  credit: number
  size: number
  /** In turn: the first is served and goes to the end. */
  readonly applications: RenewedMap<string, Line<T>>
}

/** An empty class gives its turns to the others and saves nothing up. */
export function weightedQueue<T>(): WeightedQueue<T> {
  const queues = classes.map(
    (name): ClassQueue<T> => ({ weight: weights[name], credit: 0, size: 0, applications: new RenewedMap() }),
  )

  function chooseClass(): ClassQueue<T> | undefined {
    let chosen: ClassQueue<T> | undefined
    let total = 0
    for (const queue of queues) {
      if (queue.size === 0) {
        queue.credit = 0
        continue
      }
      total += queue.weight
      queue.credit += queue.weight
      if (!chosen || queue.credit > chosen.credit) chosen = queue
    }
    if (chosen) chosen.credit -= total
    return chosen
  }

  return {
    push(item, trafficClass, application) {
      const queue = queues[classes.indexOf(trafficClass)]
      if (!queue) return
      let line = queue.applications.get(application)
      if (!line) {
        line = new Line()
        queue.applications.set(application, line)
      }
      line.push(item)
      queue.size++
    },
    shift() {
      const queue = chooseClass()
      const first = queue?.applications.first()
      if (!queue || !first) return undefined
      const [application, line] = first
      const item = line.shift()
      queue.size--
      queue.applications.delete(application)
      if (line.length > 0) queue.applications.set(application, line)
      return item
    },
    take(limit, isWanted) {
      const taken: T[] = []
      for (const queue of queues.toReversed()) {
        for (const [application, line] of queue.applications) {
          const found = line.take(limit - taken.length, isWanted)
          queue.size -= found.length
          taken.push(...found)
          if (line.length === 0) queue.applications.delete(application)
        }
      }
      return taken
    },
    get size() {
      return queues.reduce((sum, queue) => sum + queue.size, 0)
    },
  }
}
