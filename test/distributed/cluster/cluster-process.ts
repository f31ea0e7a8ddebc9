/** One process of the cluster: some of the roles, started, killed, stopped and started again. */
import { type GatewayProcess, type LaunchedGateway, launchGateway } from '../../process/gateway-process.ts'

export interface ClusterProcess {
  /** The roles, joined by `+`. */
  readonly name: string
  readonly roles: readonly string[]
  readonly isRunning: boolean
  /** Throws where it is not ready. */
  readonly gateway: GatewayProcess
  /** Everything that it said on stderr, over all its starts. */
  log(): string
  /** What `/readyz` answers, whether or not it is ready; undefined while nobody answers. */
  readyz(): Promise<Readyz | undefined>
  /** What `/metrics` says of a metric, summed over its labels that contain `labels`. */
  metric(name: string, labels?: string): Promise<number>
  /** Resolves when it is ready. */
  start(): Promise<void>
  /** Starts it without waiting. */
  launch(): void
  /** SIGKILL. */
  kill(): Promise<void>
  /** SIGTERM: it drains. Resolves with the exit code. */
  stop(): Promise<number | null>
}

export interface Readyz {
  readonly ready: boolean
  readonly roles: Readonly<
    Record<string, { readonly ready: boolean; readonly waitingFor: readonly string[]; readonly warnings?: readonly string[] }>
  >
}

export interface ProcessPlace {
  readonly folder: string
  readonly settings: Readonly<Record<string, string>>
  readonly nodeFlags: readonly string[]
  /** Whose program it is. Default this checkout's. */
  readonly checkout?: string
  /** Of `/readyz`, known before it is ready. */
  readonly healthPort: number
}

/** Longer than a machine under load needs; without it a server that died would hold the suite up for its whole time. */
const readyWithinMs = 180_000

export function clusterProcess(roles: readonly string[], place: ProcessPlace): ClusterProcess {
  let launched: LaunchedGateway | undefined
  let gateway: GatewayProcess | undefined
  let earlier = ''

  const health = (path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${place.healthPort}${path}`, { signal: AbortSignal.timeout(2_000) })

  function launch(): LaunchedGateway {
    earlier += launched?.log() ?? ''
    const started = launchGateway(place)
    launched = started
    gateway = undefined
    started.ready.then(
      (ready) => {
        if (launched === started) gateway = ready
      },
      () => {},
    )
    return started
  }

  async function end<T>(how: (process: LaunchedGateway) => Promise<T>): Promise<T | null> {
    const ending = launched
    launched = undefined
    gateway = undefined
    if (!ending) return null
    const result = await how(ending)
    earlier += ending.log()
    return result
  }

  return {
    name: roles.join('+'),
    roles,
    get isRunning() {
      return launched !== undefined
    },
    get gateway() {
      if (!gateway) throw new Error(`${roles.join('+')} is not ready`)
      return gateway
    },
    log: () => earlier + (launched?.log() ?? ''),
    async readyz() {
      try {
        return (await (await health('/readyz')).json()) as Readyz
      } catch {
        return undefined
      }
    },
    async metric(name, labels = '') {
      const text = await (await health('/metrics')).text()
      return text
        .split('\n')
        .filter((line) => line.startsWith(`${name} `) || (line.startsWith(`${name}{`) && line.includes(labels)))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    },
    async start() {
      const started = launch()
      const late = new Promise<undefined>((resolve) => void setTimeout(resolve, readyWithinMs, undefined).unref())
      const ready = await Promise.race([started.ready, late])
      if (ready === undefined) {
        await end((process) => process.kill())
        throw new Error(`${roles.join('+')} was not ready within ${readyWithinMs} ms:\n${started.log()}`)
      }
      gateway = ready
    },
    launch: () => void launch(),
    kill: async () => void (await end((process) => process.kill())),
    stop: () => end((process) => process.stop()),
  }
}
