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
  /** Each is a way to the servers of its own, with a toxiproxy in front of each server, for the processes that come `through` it. */
  readonly ways?: readonly string[]
  /** Default true: what Redis acknowledged outlives it. */
  readonly isRedisDurable?: boolean
  /** Further words of the command line of Redis. */
  readonly redisWords?: readonly string[]
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
  /** The proxies of a way. */
  proxies(way: string): Proxies
  /** `direct`, or by the way of this name. */
  addresses(through: string): Addresses
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
    const { ways = [] } = options
    const toxiproxy = ways.length > 0 ? await startToxiproxy() : undefined
    if (toxiproxy) closers.push(() => toxiproxy.stop())
    const proxyTo = async (port: number): Promise<ServerProxy> => {
      if (!toxiproxy) throw new Error('no way to the servers has a name')
      return await toxiproxy.proxy(port)
    }
    const listeners = await Promise.all(ways.map(() => Promise.all(Array.from({ length: count }, () => kafkaListener(proxyTo)))))
    const kafka = await startKafka({
      brokers: count,
      ...(options.properties && { properties: options.properties }),
      alsoListens: (id) => listeners.flatMap((ofWay) => ofWay[id - 1] ?? []),
    })
    closers.push(() => kafka.remove())
    const isDurable = options.isRedisDurable ?? true
    const redisPlace = { port: await freePort(), folder, isDurable, words: options.redisWords ?? [] }
    let redis = await startRedis(redisPlace)
    closers.push(() => redis.stop())
    const s3Place = { port: await freePort(), folder: `${folder}/s3` }
    let s3 = await startS3(s3Place)
    closers.push(() => s3.stop())
    const ofWays = new Map<string, Proxies>()
    for (const [index, way] of ways.entries()) {
      const brokers = (listeners[index] ?? []).map(({ proxy }) => proxy)
      ofWays.set(way, { kafka: brokers, redis: await proxyTo(redis.port), s3: await proxyTo(s3.port) })
    }
    const proxies = (way: string): Proxies => {
      const found = ofWays.get(way)
      if (!found) throw new Error(`no way to the servers is called ${way}`)
      return found
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
        const { kafka: brokers, redis: redisProxy, s3: s3Proxy } = proxies(through)
        return { brokers: brokers.map(({ port }) => `127.0.0.1:${port}`), redis: redisProxy.port, s3: s3Proxy.port }
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

/** A port for a listener of a broker, and the proxy in front of it. */
async function kafkaListener(proxyTo: (port: number) => Promise<ServerProxy>) {
  const port = await freePort()
  const proxy = await proxyTo(port)
  return { port, proxy, advertisedPort: proxy.port }
}
