/** A server of the system that a test starts for itself: in a process group of its own, seen through its output, ended by its id. */
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync } from 'node:fs'
import { connect } from 'node:net'
import { eventually } from '@sallyport/testkit'

export interface ServerProcess {
  readonly pid: number
  /** What it said so far on stdout and stderr. */
  output(): string
  /** SIGKILL to all its processes, and waits for the end: nothing is flushed, no connection is closed in order. */
  kill(): Promise<void>
  /** SIGSTOP to all its processes: connections are still taken by the kernel, and nobody answers. */
  freeze(): void
  /** SIGCONT. */
  thaw(): void
  /** SIGTERM, and waits for the end; SIGKILL where that takes too long. */
  stop(): Promise<void>
}

const running = new Set<number>()
process.once('exit', () => {
  for (const pid of running) signalGroup(pid, 'SIGKILL')
})
// The test runner ends a file that takes too long by this, and no server may outlive it.
process.once('SIGTERM', () => process.exit(143))

export interface ServerStart {
  readonly program: string
  readonly words: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Resolves true when the server takes questions. */
  readonly answers: () => Promise<boolean>
  readonly deadlineMs?: number
  /** SIGTERM is followed by SIGKILL after this. Default 5,000. */
  readonly stopMs?: number
}

/** Starts it and waits until it answers. Rejects with its output where it ends or does not answer in time (default 30 s). */
export async function startServer({
  program,
  words,
  env,
  answers,
  deadlineMs = 30_000,
  stopMs = 5_000,
}: ServerStart): Promise<ServerProcess> {
  const child = spawn(program, [...words], { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: { ...process.env, ...env } })
  const { pid } = child
  if (pid === undefined) throw new Error(`${program} cannot be started`)
  running.add(pid)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-20_000)
    })
  }
  let hasEnded = false
  let isToEnd = false
  const ended = new Promise<void>((resolve) =>
    child.once('exit', (code, signal) => {
      hasEnded = true
      if (!isToEnd) console.error(`${program} (${pid}) ended by itself (${code ?? signal}), and said last:\n${said.slice(-3_000)}`)
      running.delete(pid)
      // What the first process leaves behind goes with it.
      signalGroup(pid, 'SIGKILL')
      resolve()
    }),
  )
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    isToEnd = true
    if (!hasEnded) signalGroup(pid, signal)
    await ended
  }
  try {
    await eventually(async () => hasEnded || (await answers()), { deadlineMs, what: `${program} answers` })
    if (hasEnded) throw new Error(`${program} ended`)
  } catch (error) {
    await end('SIGKILL')
    throw new Error(`${(error as Error).message}\n${said}`, { cause: error })
  }
  return {
    pid,
    output: () => said,
    kill: () => end('SIGKILL'),
    freeze: () => signalGroup(pid, 'SIGSTOP'),
    thaw: () => signalGroup(pid, 'SIGCONT'),
    async stop() {
      const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), stopMs)
      if (!hasEnded) signalGroup(pid, 'SIGCONT')
      await end('SIGTERM')
      clearTimeout(timer)
    },
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Whether someone takes connections there: a port of 127.0.0.1 or the path of a Unix socket. */
export function takesConnections(where: number | string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = typeof where === 'string' ? connect(where) : connect(where, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

/**
 * The user that a server drops its privileges to, and undefined where the test runs without privileges and the server with
 * those of the test.
 */
export function serverUser(name: string): { readonly name: string; readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { name, uid: id('-u'), gid: id('-g') }
}

/** Lets the server's user come to the folders, and own them. */
export function giveTo(user: ReturnType<typeof serverUser>, ...folders: readonly string[]): void {
  for (const folder of folders) {
    chmodSync(folder, 0o755)
    if (user) chownSync(folder, user.uid, user.gid)
  }
}
