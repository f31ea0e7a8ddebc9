/** The gateway in one of its two forms, with all four checks enforced for who comes from `enforcedAddress`, and a next hop that counts. */
import { mkdirSync } from 'node:fs'
import { temporaryFolder } from '@sallyport/testkit'
import { everyRoleAlone, startCluster } from '../../distributed/cluster/cluster.ts'
import { clusterPolicy } from '../../distributed/cluster/policy.ts'
import { type CountingSink, startCountingSink } from '../../process/counting-sink.ts'
import { startGatewayProcess } from '../../process/gateway-process.ts'

export type Form = 'embedded' | 'distributed'

export interface StartedForm {
  readonly port: number
  readonly sink: CountingSink
  /** By what it is: each process of the gateway by its role, and the servers. */
  readonly pids: Readonly<Record<string, number>>
  stop(): Promise<void>
}

export interface FormOptions {
  readonly settings?: Readonly<Record<string, string>>
  /** A folder for CPU profiles of the gateway's processes. */
  readonly profile?: string
}

export async function startForm(form: Form, options: FormOptions = {}): Promise<StartedForm> {
  return form === 'embedded' ? await startEmbedded(options) : await startDistributed(options)
}

const flagsOf = (profile: string | undefined, name: string): readonly string[] => [
  '--max-semi-space-size=64',
  ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}/${name}`]),
]

async function startEmbedded({ settings = {}, profile }: FormOptions): Promise<StartedForm> {
  const folder = temporaryFolder('sallyport-bench-')
  const sink = await startCountingSink()
  mkdirSync(folder.join('secrets'))
  const gateway = await startGatewayProcess({
    folder: folder.path,
    policy: clusterPolicy(sink.port),
    settings,
    nodeFlags: flagsOf(profile, 'embedded'),
  })
  return {
    port: gateway.port('smtp'),
    sink,
    pids: { 'all roles': gateway.pid },
    async stop() {
      await gateway.stop()
      await sink.stop()
      folder.remove()
    },
  }
}

/** As operators run it: the tests have it flush each write, so that a kill loses nothing. */
const redisWords = ['--appendfsync', 'everysec']

async function startDistributed({ settings = {}, profile }: FormOptions): Promise<StartedForm> {
  const cluster = await startCluster({ settings, redisWords, nodeFlags: ([name = '']) => flagsOf(profile, name) })
  await cluster.startAll(everyRoleAlone)
  const roles = cluster.processes.map((process) => [process.name, process.gateway.pid])
  const servers = cluster.servers
  return {
    port: cluster.smtpPort(),
    sink: cluster.sink,
    pids: Object.fromEntries([...roles, ['Kafka', servers.kafka.brokers[0]?.process?.pid ?? 0], ['Redis', servers.redis.pid]]),
    async stop() {
      // Whoever is killed writes no profile.
      if (profile !== undefined) await Promise.all(cluster.processes.map((process) => process.stop()))
      await cluster.stop()
    },
  }
}
