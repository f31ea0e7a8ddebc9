/** The servers of a distributed gateway, private to one test, on loopback: Kafka (1 or 3 brokers), Redis, an object store, and proxies in front. */
import { freePort } from '@sallyport/testkit'
import { goMissing } from '../../infra/go-program.ts'
import { type Kafka, startKafka } from '../../infra/kafka.ts'
import { kafkaMissing } from '../../infra/kafka-libraries.ts'
import { type Redis, redisMissing, startRedis } from '../../infra/redis.ts'
import { type S3, startS3 } from '../../infra/s3.ts'
import { type Proxy as ServerProxy, startToxiproxy } from '../../infra/toxiproxy.ts'

/** Why tests on a cluster are skipped here, or false. */
export const clusterMissing = kafkaMissing || redisMissing || goMissing

export interface ServersOptions {
  /** Default 1. */
  readonly brokers?: 1 | 3
  /** With a toxiproxy in front of each server, for the processes that are to come `through: 'proxies'`. */
  readonly proxies?: boolean
  /** Default true: what Redis acknowledged outlives it. */
  readonly isRedisDurable?: boolean
  /** Further lines of every server.properties. */
  readonly properties?: Readonly<Record<string, string>>
}

/** Where a process finds the servers. */
export interface Addresses {
  readonly brokers: readonly string[]
  readonly redis: number
  readonly s3: number
}

export interface Proxies {
  /** In the order of the brokers. */
  readonly kafka: readonly ServerProxy[]
  readonly redis: ServerProxy
  readonly s3: ServerProxy
}

export interface Servers {
  readonly kafka: Kafka
  /** The one that runs now, or ran last. */
  readonly redis: Redis
  readonly s3: S3
  /** The folder of its buckets. */
  readonly s3Folder: string
  readonly proxies: Proxies | undefined
  addresses(through: 'direct' | 'proxies'): Addresses
  /** Again on its port (and on its data, where it is durable). */
  restartRedis(): Promise<void>
  restartS3(): Promise<void>
  stop(): Promise<void>
}

export async function startServers(options: ServersOptions, folder: string): Promise<Servers> {
  const closers: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    for (let close = closers.pop(); close; close = closers.pop()) await close()
  }
  try {
    const count = options.brokers ?? 1
    const toxiproxy = options.proxies ? await startToxiproxy() : undefined
    if (toxiproxy) closers.push(() => toxiproxy.stop())
    const ports = await Promise.all(Array.from({ length: count }, () => freePort()))
    const kafkaProxies = toxiproxy ? await Promise.all(ports.map((port) => toxiproxy.proxy(port))) : []
    const kafka = await startKafka({
      brokers: count,
      ...(options.properties && { properties: options.properties }),
      ...(toxiproxy && {
        alsoListens: (id: number) => ({ port: ports[id - 1] ?? 0, advertisedPort: kafkaProxies[id - 1]?.port ?? 0 }),
      }),
    })
    closers.push(() => kafka.remove())
    const isDurable = options.isRedisDurable ?? true
    const redisPlace = { port: await freePort(), folder, isDurable }
    let redis = await startRedis(redisPlace)
    closers.push(() => redis.stop())
    const s3Place = { port: await freePort(), folder: `${folder}/s3` }
    let s3 = await startS3(s3Place)
    closers.push(() => s3.stop())
    const proxies = toxiproxy && {
      kafka: kafkaProxies,
      redis: await toxiproxy.proxy(redis.port),
      s3: await toxiproxy.proxy(s3.port),
    }
    return {
      kafka,
      get redis() {
        return redis
      },
      get s3() {
        return s3
      },
      s3Folder: s3Place.folder,
      proxies,
      addresses(through) {
        if (through === 'direct') return { brokers: kafka.bootstrap, redis: redis.port, s3: s3.port }
        if (!proxies) throw new Error('start the servers with proxies')
        const brokers = kafkaProxies.map(({ port }) => `127.0.0.1:${port}`)
        return { brokers, redis: proxies.redis.port, s3: proxies.s3.port }
      },
      async restartRedis() {
        await redis.kill()
        redis = await startRedis(redisPlace)
      },
      async restartS3() {
        await s3.kill()
        s3 = await startS3(s3Place)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
