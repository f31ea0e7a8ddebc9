/** A cluster of Apache Kafka (KRaft) on loopback, private to one test: 1 or 3 brokers that can be killed, frozen and started again. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { freePort, type TemporaryFolder, temporaryFolder } from '@sallyport/testkit'
import { kafkaLibraries } from './kafka-libraries.ts'
import { runProgram } from './run-program.ts'
import { type ServerProcess, startServer } from './server-process.ts'

export interface KafkaOptions {
  /** Default 1. */
  readonly brokers?: 1 | 3
  /** Further lines of every server.properties, or others instead of ours. */
  readonly properties?: Readonly<Record<string, string>>
  /** Java options, e.g. for JAAS. */
  readonly javaOptions?: readonly string[]
  /** Of a single broker, beside the plain one: `NAME://127.0.0.1:port`, with `listener.security.protocol.map` in `properties`. */
  readonly listeners?: readonly string[]
  /** Further words of the command that formats the data, e.g. `--add-scram`. */
  readonly format?: readonly string[]
  /** Default 400m. */
  readonly heap?: string
  /** Where the first broker listens, for `properties` that name it. Default free ones. */
  readonly port?: number
  readonly controllerPort?: number
  /** Further ways in to each broker, and the ports that their clients are told to come back by: those of proxies in front. */
  readonly alsoListens?: (brokerId: number) => readonly FurtherListener[]
}

export interface FurtherListener {
  readonly port: number
  readonly advertisedPort: number
}

export interface Broker {
  readonly id: number
  readonly port: number
  /** Undefined while it is down. */
  readonly process: ServerProcess | undefined
  /** SIGKILL. */
  kill(): Promise<void>
  /** SIGTERM: leaders move first. */
  stop(): Promise<void>
  /** Starts it again on its data. */
  start(): Promise<void>
}

export interface Kafka {
  /** `host:port` of every broker. */
  readonly bootstrap: readonly string[]
  readonly brokers: readonly Broker[]
  /** Kills all and removes their data. */
  remove(): Promise<void>
}

const java = (libraries: string, heap: string, more: readonly string[]): string[] => [
  `-Xmx${heap}`,
  '-Xms128m',
  '-XX:+UseG1GC',
  '-XX:+ExitOnOutOfMemoryError',
  '-XX:MaxDirectMemorySize=256m',
  '-Xshare:auto',
  '-Djava.awt.headless=true',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  ...more,
  '-cp',
  `${libraries}/*`,
]

/** Resolves when every broker serves clients. */
export async function startKafka(options: KafkaOptions = {}): Promise<Kafka> {
  const libraries = await kafkaLibraries()
  const folder = temporaryFolder('sallyport-kafka-')
  const count = options.brokers ?? 1
  const places = await Promise.all(
    Array.from({ length: count }, async (_, index) => ({
      id: index + 1,
      port: (index === 0 ? options.port : undefined) ?? (await freePort()),
      controllerPort: (index === 0 ? options.controllerPort : undefined) ?? (await freePort()),
    })),
  )
  const words = java(libraries, options.heap ?? '400m', options.javaOptions ?? [])
  // Never with a leading dash, which the format tool would take for an option.
  const clusterId = `A${randomBytes(16).toString('base64url').slice(1)}`
  const voters = places.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(',')
  await Promise.all(
    places.map(async (place) => {
      const file = folder.join(`broker${place.id}.properties`)
      mkdirSync(folder.join(`broker${place.id}`))
      writeFileSync(file, properties(place, voters, folder, count, options))
      const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', clusterId, '--config', file, ...(options.format ?? [])]
      await runProgram('java', ['-XX:TieredStopAtLevel=1', ...words, ...format])
    }),
  )
  const brokers = places.map(({ id, port }) => broker(id, port, [...words, 'kafka.Kafka', folder.join(`broker${id}.properties`)]))
  const remove = async (): Promise<void> => {
    await Promise.all(brokers.map((each) => each.kill()))
    folder.remove()
  }
  try {
    await Promise.all(brokers.map((each) => each.start()))
  } catch (error) {
    await remove()
    throw error
  }
  return { bootstrap: places.map(({ port }) => `127.0.0.1:${port}`), brokers, remove }
}

function broker(id: number, port: number, words: readonly string[]): Broker {
  let running: ServerProcess | undefined
  const end = async (how: 'kill' | 'stop'): Promise<void> => {
    const ending = running
    running = undefined
    await ending?.[how]()
  }
  return {
    id,
    port,
    get process() {
      return running
    },
    kill: () => end('kill'),
    stop: () => end('stop'),
    async start() {
      running ??= await startServer({
        program: 'java',
        words,
        answers: () => servesClients(port),
        deadlineMs: 120_000,
        stopMs: 60_000,
      })
    },
  }
}

interface Place {
  readonly id: number
  readonly port: number
  readonly controllerPort: number
}

function properties(
  { id, port, controllerPort }: Place,
  voters: string,
  folder: TemporaryFolder,
  count: number,
  { properties: more, alsoListens, listeners = [] }: KafkaOptions,
): string {
  const further = alsoListens?.(id) ?? []
  const replicas = String(Math.min(3, count))
  const inSync = count >= 3 ? '2' : '1'
  const lines: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(id),
    'controller.quorum.voters': voters,
    listeners: [
      `PLAINTEXT://127.0.0.1:${port}`,
      `CONTROLLER://127.0.0.1:${controllerPort}`,
      ...further.map((way, index) => `WAY${index}://127.0.0.1:${way.port}`),
      ...listeners,
    ].join(','),
    'advertised.listeners': [
      `PLAINTEXT://127.0.0.1:${port}`,
      ...further.map((way, index) => `WAY${index}://127.0.0.1:${way.advertisedPort}`),
      ...listeners,
    ].join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': ['PLAINTEXT', 'CONTROLLER', ...further.map((_, index) => `WAY${index}`)]
      .map((name) => `${name}:PLAINTEXT`)
      .join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': folder.join(`broker${id}`),
    'num.network.threads': '2',
    'num.io.threads': '4',
    'background.threads': '2',
    'log.cleaner.threads': '1',
    'log.cleaner.dedupe.buffer.size': '16777216',
    'num.partitions': '3',
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': '2',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    ...more,
  }
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

/** ApiVersions v0 (KIP-35): a broker answers it only once it serves clients. */
const question = Buffer.concat([Buffer.from([0, 0, 0, 19, 0, 18, 0, 0, 0, 0, 0, 1, 0, 9]), Buffer.from('sallyport')])

function servesClients(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (is: boolean): void => {
      socket.destroy()
      resolve(is)
    }
    socket.setTimeout(2_000, () => answer(false))
    socket.once('error', () => answer(false))
    socket.once('connect', () => socket.write(question))
    // Length, correlation id, error code 0.
    socket.once('data', (data: Buffer) => answer(data.length >= 10 && data.readInt32BE(4) === 1 && data.readInt16BE(8) === 0))
    socket.once('close', () => resolve(false))
  })
}
