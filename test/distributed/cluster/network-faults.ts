/** Faults of a network, each put upon some proxies for a while, and how it is seen that mail goes on after them. */
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@sallyport/testkit'
import type { Proxy as ServerProxy } from '../../infra/toxiproxy.ts'
import type { Load } from '../../process/load.ts'

const faultMs = 5_000
/** Enough for some dozens of replies. */
export const lateForMs = 3_000
export const lateMs = 200

/** `late`: 200 ms. `halfOpen`: nothing comes any more, and no connection ends. */
export const networkFaults: Readonly<Record<string, (proxies: readonly ServerProxy[]) => Promise<void>>> = {
  async late(proxies) {
    const ends = await Promise.all(
      proxies.map((proxy) => proxy.add({ type: 'latency', stream: 'downstream', attributes: { latency: lateMs } })),
    )
    await sleep(lateForMs)
    await Promise.all(ends.map((end) => end()))
  },
  async cut(proxies) {
    await Promise.all(proxies.map((proxy) => proxy.cut()))
    await sleep(faultMs)
    await Promise.all(proxies.map((proxy) => proxy.mend()))
  },
  async halfOpen(proxies) {
    const ends = await Promise.all(
      proxies.flatMap((proxy) =>
        (['upstream', 'downstream'] as const).map((stream) => proxy.add({ type: 'timeout', stream, attributes: { timeout: 0 } })),
      ),
    )
    await sleep(faultMs)
    // What was swallowed never comes: no connection of that time may go on.
    await Promise.all(proxies.map((proxy) => proxy.cut()))
    await Promise.all(ends.map((end) => end()))
    await Promise.all(proxies.map((proxy) => proxy.mend()))
  },
}

/** Resolves when the last messages of the load were accepted well within the budget. */
export const recovers = (load: Load, budgetMs: number): Promise<unknown> =>
  eventually(
    () => {
      const last = load.promised.slice(-3)
      return last.length === 3 && last.every(({ tookMs, atMs }) => tookMs < budgetMs * 0.75 && performance.now() - atMs < 5_000)
    },
    { deadlineMs: 90_000, what: 'mail is accepted in time again' },
  )

export interface ReplyTimes {
  readonly replies: number
  readonly medianMs: number
  readonly longestMs: number
}

/** Of what was answered, or should have been, between two times of `performance.now()`. */
export function replyTimes(loads: readonly Load[], fromMs: number, toMs: number): ReplyTimes {
  const times = loads
    .flatMap(({ replies }) => replies)
    .filter(({ atMs, tookMs }) => atMs > fromMs && atMs - tookMs < toMs)
    .map(({ tookMs }) => Math.round(tookMs))
    .sort((a, b) => a - b)
  return { replies: times.length, medianMs: times[times.length >> 1] ?? 0, longestMs: times.at(-1) ?? 0 }
}
