/** One measurement: so many messages into a system, until the last is at the next hop. */
import { atRest, coreTicks, cpuSeconds, memoryMib, type ThreadTime, threadTimes } from './processes.ts'
import type { Sink } from './sink.ts'
import type { System } from './system.ts'

export interface Load {
  readonly size: string
  readonly connections: number
  readonly mode: string
  readonly messages: number
}

export interface Row extends Load {
  readonly system: string
  /** Last message at the next hop. */
  readonly perSecond: number
  readonly acceptedPerSecond: number
  readonly cpuSecondsPer1000: number
  readonly memoryMib: number
  /** The share of all cores' time in which nobody ran, until the last message was at the next hop. */
  readonly idle: number
  /** Of the thread that wanted a core most: the shares of that time in which it ran, and waited for one. */
  readonly busiest: { readonly ran: number; readonly waited: number }
}

const total = (pids: readonly number[], of: (pid: number) => number): number => pids.reduce((sum, pid) => sum + of(pid), 0)

/**
 * `send` resolves when the last message is accepted. It begins when the system is at rest, and its CPU time is what was used when it is at rest
 * again: what a system does after delivery, records say, is part of its price, and of no other load's.
 */
export async function measure(system: System, sink: Sink, load: Load, send: () => Promise<void>): Promise<Row> {
  const { messages } = load
  await atRest(system.pids)
  const counted = sink.count()
  const cpu = total(system.pids, cpuSeconds)
  const ticks = coreTicks()
  const threads = threadsOf(system)
  const began = performance.now()
  await send()
  const accepted = performance.now() - began
  await sink.reached(counted, messages, 120_000)
  const arrived = sink.lastChange() - began
  const now = coreTicks()
  const busiest = busiestThread(threads, threadsOf(system), arrived * 1e6)
  await atRest(system.pids)
  return {
    system: system.name,
    ...load,
    perSecond: Math.round((messages / arrived) * 1000),
    acceptedPerSecond: Math.round((messages / accepted) * 1000),
    cpuSecondsPer1000: Number((((total(system.pids, cpuSeconds) - cpu) * 1000) / messages).toFixed(3)),
    memoryMib: total(system.pids, memoryMib),
    idle: rounded((now.idle - ticks.idle) / (now.all - ticks.all)),
    busiest,
  }
}

const rounded = (value: number): number => Number(value.toFixed(3))

const threadsOf = ({ pids }: System): Map<string, ThreadTime> => new Map(pids.flatMap((pid) => [...threadTimes(pid)]))

function busiestThread(
  before: ReadonlyMap<string, ThreadTime>,
  after: ReadonlyMap<string, ThreadTime>,
  tookNs: number,
): Row['busiest'] {
  let most = { ran: 0, waited: 0 }
  for (const [thread, { ran, waited }] of after) {
    const spent = { ran: ran - (before.get(thread)?.ran ?? 0), waited: waited - (before.get(thread)?.waited ?? 0) }
    if (spent.ran + spent.waited > most.ran + most.waited) most = spent
  }
  return { ran: rounded(most.ran / tookNs), waited: rounded(most.waited / tookNs) }
}
