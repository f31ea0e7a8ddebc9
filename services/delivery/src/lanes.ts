/**
 * One lane per destination: jobs wait in turn, and at most as many have a place as it may have connections. When the content of one is
 * out, the next follows behind it, and has its place when the next hop has answered. What a sent one came to is written down while the
 * next is sent, for as many again or 32 at most: a disk that is slow holds the sending up, too.
 */
import type { TrafficClass } from '@sallyport/contracts'
import type { Place } from './next-hop/next-hop.ts'
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
  /** Must not reject. */
  readonly run: (item: T, place: LanePlace) => Promise<void>
  /** What may be written down at once where a destination has few connections: it takes longer than sending. Default 32. */
  readonly writing?: number
}

export interface LanePlace extends Place {
  /** The connection is free, and only what it came to is still to be written down. */
  sent(): void
}

interface Lane<T> {
  readonly queue: WeightedQueue<T>
  /** Have a place. */
  sending: number
  /** With those. */
  active: number
}

const slack = 20

export function lanes<T extends LaneJob>(options: LanesOptions<T>): Lanes<T> {
  const { writing = 32 } = options
  /** As many as there were destinations: an empty one is used again. */
  const byDestination = new Map<string, Lane<T>>()
  let isStopped = false
  let active = 0
  let onQuiet: (() => void) | undefined

  function next(destination: string, lane: Lane<T>): T | undefined {
    const limit = options.limit(destination)
    return !isStopped && lane.active < limit + Math.max(limit, writing) ? lane.queue.shift() : undefined
  }

  function pump(destination: string, lane: Lane<T>): void {
    while (lane.sending < options.limit(destination)) {
      const item = next(destination, lane)
      if (!item) break
      lane.sending++
      start(destination, lane, item)()
    }
  }

  /** Runs it without a place, and returns what gives it one. `free` and `admit` belong to one who follows. */
  function start(destination: string, lane: Lane<T>, item: T, free?: Promise<void>, admit?: () => void): () => void {
    lane.active++
    active++
    let hasPlace = false
    let isSent = false
    let giveToFollower: (() => void) | undefined
    const leavePlace = (): void => {
      if (giveToFollower) giveToFollower()
      else lane.sending--
      pump(destination, lane)
    }
    const sent = (): void => {
      if (isSent) return
      isSent = true
      if (hasPlace) leavePlace()
    }
    const contentSent = (): boolean => {
      const item = isSent || giveToFollower ? undefined : next(destination, lane)
      if (!item) return false
      const { promise, resolve } = Promise.withResolvers<void>()
      giveToFollower = start(destination, lane, item, promise, resolve)
      return true
    }
    void options.run(item, { sent, contentSent, ...(free ? { free } : {}) }).finally(() => {
      lane.active--
      active--
      if (isSent) pump(destination, lane)
      else sent()
      if (active === 0) onQuiet?.()
    })
    return () => {
      hasPlace = true
      admit?.()
      if (isSent) leavePlace()
    }
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
