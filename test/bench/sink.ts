/** The next hop: Debian's `smtp-sink`, and how many messages it has counted. */
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitForPort } from './ports.ts'

export interface Sink {
  /** Messages since the start. */
  count(): number
  /** Monotonic ms of the last change of the count. */
  lastChange(): number
  /** Resolves when `messages` more than `since` were counted; rejects after `deadlineMs`. */
  reached(since: number, messages: number, deadlineMs: number): Promise<void>
  readonly pid: number
  stop(): Promise<void>
}

export async function startSink(port: number): Promise<Sink> {
  const child: ChildProcess = spawn('smtp-sink', ['-u', 'nobody', '-c', `127.0.0.1:${port}`, '1000'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // One that stayed behind would take half the mail of the next run.
  process.once('SIGTERM', () => process.exit(1)).once('exit', () => child.kill())
  let messages = 0
  let changed = performance.now()
  const read = (chunk: Buffer): void => {
    const last = chunk
      .toString('latin1')
      .match(/mesg=(\d+)/g)
      ?.at(-1)
    const now = Number(last?.slice(5) ?? messages)
    if (now !== messages) {
      messages = now
      changed = performance.now()
    }
  }
  child.stdout?.on('data', read)
  child.stderr?.on('data', read)
  await waitForPort(port)
  return {
    count: () => messages,
    lastChange: () => changed,
    pid: child.pid ?? 0,
    async reached(since, wanted, deadlineMs) {
      const end = performance.now() + deadlineMs
      while (messages - since < wanted) {
        if (performance.now() > end) throw new Error(`the sink has ${messages - since} of ${wanted} messages`)
        await sleep(5)
      }
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}
