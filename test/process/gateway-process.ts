/** The gateway as users run it: a process of its own on a data folder, started with settings, seen through its output. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const here = join(import.meta.dirname, '../..')

export interface GatewayOptions {
  /** Holds the policy file, the secrets, and below `data` what the gateway keeps. */
  readonly folder: string
  /** The policy document, written as JSON into `policy.yaml`. */
  readonly policy?: object
  /** `--set key=value`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Beside that of this process. */
  readonly environment?: Readonly<Record<string, string>>
  readonly nodeFlags?: readonly string[]
  /** The checkout that is run. Default this one. */
  readonly checkout?: string
}

export interface GatewayProcess {
  readonly pid: number
  /** By name, host:port, from the `ready` line. */
  readonly addresses: Readonly<Record<string, string>>
  port(name: 'smtp' | 'console' | 'health'): number
  /** The token of the API. */
  token(): string
  /** Ms from spawn to `ready`. */
  readonly readyAfterMs: number
  /** Everything written to stderr so far. */
  log(): string
  /** SIGKILL, and wait for the end. */
  kill(): Promise<void>
  /** SIGTERM, and wait for the end. Resolves with the exit code. */
  stop(): Promise<number | null>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export interface FailedStart {
  readonly code: number | null
  readonly log: string
}

function spawnGateway(options: GatewayOptions): ChildProcess {
  mkdirSync(options.folder, { recursive: true })
  const policyPath = join(options.folder, 'policy.yaml')
  if (options.policy) writeFileSync(policyPath, JSON.stringify(options.policy, null, 2))
  const settings = {
    data: join(options.folder, 'data'),
    secrets: join(options.folder, 'secrets'),
    policy: policyPath,
    'smtp.listen': '127.0.0.1:0',
    'console.listen': '127.0.0.1:0',
    'health.listen': '127.0.0.1:0',
    'log.level': 'warn',
    minFreeBytes: '0',
    'delivery.contentGraceMs': '0',
    ...options.settings,
  }
  const words = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`])
  const flags = [...(options.nodeFlags ?? [])]
  const main = join(options.checkout ?? here, 'services/gateway/src/main.ts')
  const child = spawn(process.execPath, [...flags, main, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
  })
  running.add(child)
  return child.once('exit', () => running.delete(child))
}

/** Starts the gateway and waits for `ready`. Rejects with its output when it ends before. */
export const startGatewayProcess = (options: GatewayOptions): Promise<GatewayProcess> => launchGateway(options).ready

/** A gateway that was started, and need not be ready yet. */
export interface LaunchedGateway extends Pick<GatewayProcess, 'pid' | 'log' | 'kill' | 'stop'> {
  /** Rejects with its output when it ends before. */
  readonly ready: Promise<GatewayProcess>
}

export function launchGateway(options: GatewayOptions): LaunchedGateway {
  const began = performance.now()
  const child = spawnGateway(options)
  const output = collect(child)
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const launched = {
    pid: child.pid ?? 0,
    log: output.stderr,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
  const whenReady = async (): Promise<GatewayProcess> => {
    const line = await Promise.race([output.ready, ended.then(() => undefined)])
    if (line === undefined) throw new Error(`the gateway did not start:\n${output.stderr()}`)
    const addresses = Object.fromEntries(
      Array.from(line.matchAll(/(\w+)=(\S+)/g), ([, name = '', address = '']) => [name, address]),
    )
    return {
      ...launched,
      addresses,
      readyAfterMs: performance.now() - began,
      port: (name) => Number(addresses[name]?.split(',')[0]?.split(':').at(-1)),
      token: () => options.settings?.['console.token'] ?? readFileSync(join(options.folder, 'data/console-token'), 'utf8').trim(),
    }
  }
  return { ...launched, ready: whenReady() }
}

/** Starts a gateway that is expected not to start, and waits for its end. */
export async function failedStart(options: GatewayOptions): Promise<FailedStart> {
  const child = spawnGateway(options)
  const output = collect(child)
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const line = await Promise.race([output.ready, ended.then(() => undefined)])
  if (line !== undefined) {
    child.kill('SIGKILL')
    throw new Error(`the gateway started: ${line}`)
  }
  return { code: await ended, log: output.stderr() }
}

function collect(child: ChildProcess): { readonly ready: Promise<string>; stderr(): string } {
  let stdout = ''
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ready = new Promise<string>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      const line = /^ready .*$/m.exec(stdout)
      if (line) resolve(line[0])
    })
  })
  return { ready, stderr: () => stderr }
}
