/**
 * One lane per destination: jobs wait in turn, and at most as many are sent at once as it may have connections. What a sent one came
 * to is written down while the next is sent, for as many again or 32 at most: a disk that is slow holds the sending up, too.
 */
import type { TrafficClass } from '@sallyport/contracts'
import { type WeightedQueue, weightedQueue } from './weighted-queue.ts'

export interface LaneJob {
  readonly destination: string
  readonly class: TrafficClass
  readonly application: string
  /** By the monotonic clock. */
  readonly admittedAtMs: number
}

export interface Lanes<T extends LaneJob> {
  admit(item: T): void
  /**
   * Takes out of destinations with more than their connections + 20 jobs those beyond that have waited longer than
   * `olderThanMs`: so a slow destination does not fill the window before others.
   */
  takeOverflow(nowMs: number, olderThanMs: number): T[]
  /** Gives up what waits and is not wanted any more. */
  discard(isUnwanted: (item: T) => boolean): void
  /** Starts nothing new. Resolves when what runs has ended. What waits is given up: it was not settled. */
  stop(): Promise<void>
  readonly size: number
}

export interface LanesOptions<T extends LaneJob> {
  /** Connections at once of a destination, asked each time. */
  readonly limit: (destination: string) => number
  /** Must not reject. `sent`: the connection is free, and only what it came to is still to be written down. */
  readonly run: (item: T, sent: () => void) => Promise<void>
  /** What may be written down at once where a destination has few connections: it takes longer than sending. Default 32. */
  readonly writing?: number
}

interface Lane<T> {
  readonly queue: WeightedQueue<T>
  /** Have a connection, or are to get one. */
  sending: number
  /** With those. */
  active: number
}

const slack = 20

export function lanes<T extends LaneJob>(options: LanesOptions<T>): Lanes<T> {
  const { writing = 32 } = options
  const byDestination = new Map<string, Lane<T>>()
  let isStopped = false
  let active = 0
  let onQuiet: (() => void) | undefined

  function pump(destination: string, lane: Lane<T>): void {
    const limit = options.limit(destination)
    while (!isStopped && lane.sending < limit && lane.active < limit + Math.max(limit, writing)) {
      const item = lane.queue.shift()
      if (!item) break
      start(destination, lane, item)
    }
    if (lane.active === 0 && lane.queue.size === 0) byDestination.delete(destination)
  }

  function start(destination: string, lane: Lane<T>, item: T): void {
    lane.sending++
    lane.active++
    active++
    let isSent = false
    const sent = (): void => {
      if (isSent) return
      isSent = true
      lane.sending--
      pump(destination, lane)
    }
    void options.run(item, sent).finally(() => {
      lane.active--
      active--
      if (isSent) pump(destination, lane)
      else sent()
      if (active === 0) onQuiet?.()
    })
  }

  return {
    admit(item) {
      let lane = byDestination.get(item.destination)
      if (!lane) {
        lane = { queue: weightedQueue<T>(), sending: 0, active: 0 }
        byDestination.set(item.destination, lane)
      }
      lane.queue.push(item, item.class, item.application)
      pump(item.destination, lane)
    },
    takeOverflow(nowMs, olderThanMs) {
      const taken: T[] = []
      for (const [destination, lane] of byDestination) {
        const excess = lane.queue.size + lane.active - options.limit(destination) - slack
        if (excess > 0) taken.push(...lane.queue.take(excess, (item) => nowMs - item.admittedAtMs > olderThanMs))
      }
      return taken
    },
    discard(isUnwanted) {
      for (const [destination, lane] of byDestination) {
        lane.queue.take(lane.queue.size, isUnwanted)
        pump(destination, lane)
      }
    },
    stop() {
      isStopped = true
      if (active === 0) return Promise.resolve()
      return new Promise((resolve) => {
        onQuiet = resolve
      })
    },
    get size() {
      return [...byDestination.values()].reduce((sum, lane) => sum + lane.queue.size + lane.active, 0)
    },
  }
}
