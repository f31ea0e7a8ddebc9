/** A server of others as a process of our own, in a folder of its own, on a loopback port. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:net'
import { getPriority } from 'node:os'
import { waitForPort } from '../../bench/ports.ts'

export interface Child {
  readonly pid: number
  readonly port: number
  /** Ends the process (and it its own children), by id; waits until it is gone. */
  stop(): Promise<void>
}

const stopDeadlineMs = 10_000
/** rspamd compiles its expressions before it listens: 10 s of CPU, niced. */
const startDeadlineMs = 600_000

const niceness = 10

/** Started niced: measuring counts CPU seconds, so others on the machine go first. Its words go to `log`. */
export async function startChild(command: string, args: readonly string[], port: number, log: string): Promise<Child> {
  const process = spawn('nice', ['-n', `${Math.max(0, niceness - getPriority())}`, command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const file = createWriteStream(log, { flags: 'a' })
  process.stdout.pipe(file, { end: false })
  process.stderr.pipe(file, { end: false })
  const { pid } = process
  if (pid === undefined) throw new Error(`${command} did not start`)
  try {
    await Promise.race([
      waitForPort(port, startDeadlineMs),
      ended(process).then(() => Promise.reject(new Error(`${command} ended at once, see ${log}`))),
    ])
  } catch (error) {
    process.kill('SIGKILL')
    throw error
  }
  return {
    pid,
    port,
    async stop() {
      if (process.exitCode !== null || process.signalCode !== null) return
      const gone = ended(process)
      process.kill('SIGTERM')
      const late = setTimeout(() => process.kill('SIGKILL'), stopDeadlineMs)
      await gone
      clearTimeout(late)
      file.end()
    },
  }
}

function ended(process: ChildProcess): Promise<void> {
  return new Promise((resolve) => process.once('exit', () => resolve()))
}

/** A port that is free at the moment, below those that the system gives to whoever asks for any. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
