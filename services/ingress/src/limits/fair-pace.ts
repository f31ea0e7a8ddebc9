/**
 * Keeps room on this process' one thread for who sends little: while it is busy, and one application sends more than all others
 * together, the messages of that one are let in evenly, at a rate that leaves the thread idle for a part of the time. Whoever sends
 * alone is never slowed, and nobody is refused.
 */

export interface FairPaceOptions {
  /** Monotonic, ms. */
  readonly elapsed: () => number
  /** From this utilization on the thread is busy, 0 to 1. What others wait for the thread grows with it, and so does what the flood gets through. */
  readonly paceAbove: number
  /** No message waits longer. */
  readonly maxMs: number
}

/**
 * By its CPU time, not by how long its turns take: on a machine that others keep busy every turn is long, and letting in less mail
 * would not help.
 */
export function threadUtilization(elapsed: () => number): () => number {
  let before = { cpu: process.threadCpuUsage(), atMs: elapsed() }
  return () => {
    const now = { cpu: process.threadCpuUsage(), atMs: elapsed() }
    const usedMs = (now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system) / 1_000
    const tookMs = now.atMs - before.atMs
    before = now
    return tookMs > 0 ? Math.min(1, usedMs / tookMs) : 0
  }
}

const windowMs = 500
/** Fewer messages in a window are no flood. */
const minMessages = 20
/** For each tick of 50 ms: from a full thread to half of the rate in half a second, and back in a second. */
const slower = 0.93
const faster = 1.03
const leastPerSecond = 100

export class FairPace {
  readonly #options: FairPaceOptions
  #counts = new Map<string, number>()
  #before = new Map<string, number>()
  /** The greatest of them. */
  #most = 0
  #windowEndsMs: number
  #paced: { readonly application: string; perSecond: number; lastAtMs: number } | undefined

  constructor(options: FairPaceOptions) {
    this.#options = options
    this.#windowEndsMs = options.elapsed() + windowMs
  }

  /** For one message more, before it is let in. */
  waitMs(application: string): number {
    this.#counts.set(application, (this.#counts.get(application) ?? 0) + 1)
    const paced = this.#paced
    if (paced?.application !== application) return 0
    const now = this.#options.elapsed()
    paced.lastAtMs = Math.min(Math.max(paced.lastAtMs + 1_000 / paced.perSecond, now), now + this.#options.maxMs)
    return paced.lastAtMs - now
  }

  /** What it sends beside the application that sends most, 0 to 1, in the last whole window; 1 while nobody is known to send. */
  share(application: string): number {
    return this.#most === 0 ? 1 : (this.#before.get(application) ?? 0) / this.#most
  }

  /** To be called about every 50 ms: the share of the time since the call before in which the thread was busy, 0 to 1. */
  tick(utilization: number): void {
    const isBusy = utilization > this.#options.paceAbove
    const now = this.#options.elapsed()
    if (now >= this.#windowEndsMs) {
      this.#before = this.#counts
      this.#most = Math.max(0, ...this.#before.values())
      this.#counts = new Map()
      this.#windowEndsMs = now + windowMs
    }
    const greatest = this.#dominant()
    if (greatest === undefined) this.#paced = undefined
    else if (this.#paced?.application === greatest.application) this.#paced.perSecond *= isBusy ? slower : faster
    else if (isBusy) this.#paced = { ...greatest, lastAtMs: now }
    if (this.#paced) this.#paced.perSecond = Math.max(leastPerSecond, this.#paced.perSecond)
  }

  /** The application that sent more than all others together in the last whole window, if others sent at all. */
  #dominant(): { readonly application: string; readonly perSecond: number } | undefined {
    const most = this.#most
    let all = 0
    let application = ''
    for (const [name, count] of this.#before) {
      all += count
      if (count === most) application = name
    }
    if (most < minMessages || most === all || most * 2 <= all) return undefined
    return { application, perSecond: (most * 1_000) / windowMs }
  }
}
