/** CPU time and memory of a process and all that it started, from /proc. */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const ticksPerSecond = 100

interface Stat {
  readonly parent: number
  readonly cpuTicks: number
}

function stats(): Map<number, Stat> {
  const found = new Map<number, Stat>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const text = readFileSync(`/proc/${entry}/stat`, 'utf8')
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      const [, parent = '0'] = fields
      // utime, stime and those of the children that ended and were waited for
      const cpuTicks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
      found.set(Number(entry), { parent: Number(parent), cpuTicks })
    } catch {
      // it ended while we read
    }
  }
  return found
}

function tree(root: number, all: ReadonlyMap<number, Stat>): number[] {
  const found = [root]
  for (let index = 0; index < found.length; index++) {
    for (const [pid, stat] of all) if (stat.parent === found[index] && !found.includes(pid)) found.push(pid)
  }
  return found
}

/** CPU seconds, user and system, that the tree below `root` has used so far. */
export function cpuSeconds(root: number): number {
  const all = stats()
  return tree(root, all).reduce((sum, pid) => sum + (all.get(pid)?.cpuTicks ?? 0), 0) / ticksPerSecond
}

export interface ThreadTime {
  /** Ran, and could have run but for a core, ns. */
  readonly ran: number
  readonly waited: number
}

/** By thread of the tree below `root`. */
export function threadTimes(root: number): Map<string, ThreadTime> {
  const found = new Map<string, ThreadTime>()
  for (const pid of tree(root, stats())) {
    try {
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ').map(Number)
        found.set(thread, { ran, waited })
      }
    } catch {
      // it ended while we read
    }
  }
  return found
}

/** Of all cores since the start of the machine, ticks. */
export function coreTicks(): { readonly idle: number; readonly all: number } {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const ticks = first.trim().split(/ +/).slice(1, 9).map(Number)
  const [, , , idle = 0, io = 0] = ticks
  return { idle: idle + io, all: ticks.reduce((sum, each) => sum + each, 0) }
}

const restMs = 300
const atRestSeconds = 0.03
const longestMs = 10_000

/** Resolves when they have nothing to do any more: a tenth of a core at most, which a server at rest takes for its timers. */
export async function atRest(roots: readonly number[]): Promise<void> {
  const used = (): number => roots.reduce((sum, root) => sum + cpuSeconds(root), 0)
  const until = performance.now() + longestMs
  for (let before = used(); performance.now() < until; ) {
    await sleep(restMs)
    const now = used()
    if (now - before <= atRestSeconds) return
    before = now
  }
}

/** Proportional set size of the tree, MiB: shared pages are counted once. */
export function memoryMib(root: number): number {
  let kib = 0
  for (const pid of tree(root, stats())) {
    try {
      kib += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
    } catch {
      // it ended while we read
    }
  }
  return Math.round(kib / 1024)
}
