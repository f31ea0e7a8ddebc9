/**
 * A distributed gateway on real servers: processes of the gateway by their roles, a next hop that counts, and mail sent through it.
 *
 *     await using cluster = await startCluster({ brokers: 3 })
 *     await cluster.startAll(everyRoleAlone)            // or cluster.start(['ingress', 'verdict'])
 *     const load = cluster.load({ clients: 10 })
 *     await cluster.process('delivery').kill()          // …, start(), stop()
 *     await load.stop()
 *     await cluster.arrival(load)                       // everything that got a 250 came to the next hop, or it rejects
 *     assert.deepEqual(audit(load.promised, cluster.sink.received).lost, [])
 *
 * Skip where `clusterMissing` says why. With SALLYPORT_CLUSTER_LOG=1 the end of what each process said is shown at the end. `ways: ['a']` and `through: 'a'` put a process
 * behind the toxiproxies of `cluster.servers.proxies('a')`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { env } from 'node:process'
import { eventually, freePort, temporaryFolder } from '@sallyport/testkit'
import { type CountingSink, type CountingSinkOptions, startCountingSink } from '../../process/counting-sink.ts'
import { type Load, type LoadOptions, startLoad } from '../../process/load.ts'
import { type ClusterProcess, clusterProcess } from './cluster-process.ts'
import { type ClusterPolicyOptions, clusterPolicy } from './policy.ts'
import { type Addresses, type Servers, type ServersOptions, startServers } from './servers.ts'

export { clusterMissing } from './servers.ts'

export const checkers = ['domain-check', 'address-check', 'spam-scoring', 'throttle'] as const
/** One process of each role: the console first, since it writes the policy. */
export const everyRoleAlone: readonly (readonly string[])[] = [
  ['console'],
  ...checkers.map((role) => [role]),
  ['verdict'],
  ['delivery'],
  ['ingress'],
]

export interface ClusterOptions extends ServersOptions {
  readonly policy?: ClusterPolicyOptions
  readonly sink?: CountingSinkOptions
  /** `--set key=value` of every process. */
  readonly settings?: Readonly<Record<string, string>>
  /** Of Node, for a process with these roles. */
  readonly nodeFlags?: (roles: readonly string[]) => readonly string[]
}

export interface StartOptions {
  readonly settings?: Readonly<Record<string, string>>
  /** A way of `ways`. Default `direct`. */
  readonly through?: string
  /** The checkout whose program is run. Default this one. */
  readonly checkout?: string
  /** False: it is launched and not waited for. */
  readonly isAwaited?: boolean
}

export interface Cluster extends AsyncDisposable {
  readonly servers: Servers
  readonly sink: CountingSink
  readonly processes: readonly ClusterProcess[]
  /** A new process with these roles. */
  start(roles: readonly string[], options?: StartOptions): Promise<ClusterProcess>
  /** One process for each list, the first before the others. */
  startAll(lists: readonly (readonly string[])[], options?: StartOptions): Promise<void>
  /** The first process with this role. */
  process(role: string): ClusterProcess
  /** The SMTP port of an ingress that runs, another each time. */
  smtpPort(): number
  load(options: Omit<LoadOptions, 'port'>): Load
  /** Waits until everything promised came to the next hop. */
  arrival(load: Load, deadlineMs?: number): Promise<void>
  stop(): Promise<void>
}

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const folder = temporaryFolder('sallyport-cluster-')
  const sink = await startCountingSink(options.sink ?? {})
  const servers = await startServers(options, folder.path).catch(async (error: unknown) => {
    await sink.stop()
    folder.remove()
    throw error
  })
  writeFileSync(folder.join('policy.yaml'), JSON.stringify(clusterPolicy(sink.port, options.policy)))
  mkdirSync(folder.join('secrets'))
  writeFileSync(folder.join('secrets', 'gateway-key'), 'a key of thirty-two bytes or more, for tests')
  writeFileSync(folder.join('secrets', 's3'), servers.s3.secretKey)
  const processes: ClusterProcess[] = []
  let turn = 0

  async function start(roles: readonly string[], { settings, through = 'direct', checkout, isAwaited = true }: StartOptions = {}) {
    const healthPort = await freePort()
    const addresses = servers.addresses(through)
    const process = clusterProcess(roles, {
      folder: folder.path,
      healthPort,
      nodeFlags: options.nodeFlags?.(roles) ?? [],
      ...(checkout === undefined ? {} : { checkout }),
      settings: {
        ...serverSettings(addresses, servers, options.brokers ?? 1),
        roles: roles.join(','),
        data: folder.join('data', `${processes.length}-${roles[0]}`),
        'health.listen': `127.0.0.1:${healthPort}`,
        'console.token': 'token-of-the-cluster',
        'delivery.contentGraceMs': '5000',
        ...options.settings,
        ...settings,
      },
    })
    processes.push(process)
    if (isAwaited) await process.start()
    else process.launch()
    return process
  }

  async function stop(): Promise<void> {
    if (env.SALLYPORT_CLUSTER_LOG) for (const { name, log } of processes) console.error(`--- ${name}\n${log().slice(-8_000)}`)
    await Promise.all(processes.map((process) => process.kill()))
    await servers.stop()
    await sink.stop()
    folder.remove()
  }

  const smtpPort = (): number => {
    const ports = processes.flatMap((process) => {
      try {
        return process.roles.includes('ingress') ? [process.gateway.port('smtp')] : []
      } catch {
        return []
      }
    })
    return ports[turn++ % ports.length] ?? 1
  }

  return {
    servers,
    sink,
    processes,
    start,
    async startAll([first, ...others], startOptions) {
      if (first) await start(first, startOptions)
      await Promise.all(others.map((roles) => start(roles, startOptions)))
    },
    process(role) {
      const found = processes.find(({ roles }) => roles.includes(role))
      if (!found) throw new Error(`no process runs ${role}`)
      return found
    },
    smtpPort,
    load: (loadOptions) => startLoad({ ...loadOptions, port: smtpPort }),
    async arrival(load, deadlineMs = 120_000) {
      const missing = (): number => load.promised.filter(({ token }) => !sink.received.has(token)).length
      await eventually(() => missing() === 0, { deadlineMs, what: 'everything promised comes to the next hop' }).catch(
        (error: Error) => {
          throw new Error(`${missing()} of ${load.promised.length} did not come: ${error.message}`, { cause: error })
        },
      )
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function serverSettings({ brokers, redis, s3 }: Addresses, servers: Servers, replication: number): Record<string, string> {
  return {
    'kafka.brokers': brokers.join(','),
    'kafka.replication': String(replication),
    'redis.address': `127.0.0.1:${redis}`,
    'contentStore.endpoint': `http://127.0.0.1:${s3}`,
    'contentStore.bucket': servers.s3.bucket,
    'contentStore.accessKeyId': servers.s3.accessKey,
    'contentStore.secret': 's3',
    'gatewayKey.secret': 'gateway-key',
  }
}
