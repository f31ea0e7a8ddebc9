/** The ports of a cluster: Kafka, Redis and an object store, of which a process opens what its roles need. */
import { openKafkaBus } from '@sallyport/bus'
import { openS3Content } from '@sallyport/content'
import { type CallEnded, topics } from '@sallyport/contracts'
import { openRedisLedger } from '@sallyport/ledger'
import { openRedisLimiter } from '@sallyport/limiter'
import type { RedisServer, RedisTls } from '@sallyport/redis'
import { openRedisReplies } from '@sallyport/replies'
import { databaseCalls, hmacSigner, objectStoreCalls, type Signer, secretFiles } from '@sallyport/runtime'
import type { Registry } from 'prom-client'
import type { Closers } from './closers.ts'
import type { ContentStoreSettings, KafkaSettings, RedisSettings } from './distributed-settings.ts'
import { hostAndPort } from './host-and-port.ts'
import type { GatewayPorts, OptionalPorts } from './ports.ts'
import { needsOf, type RoleNeeds } from './role-needs.ts'
import { StartTexts, type TlsTexts } from './secret-texts.ts'
import { type ServerTroubles, serverTroubles } from './server-troubles.ts'
import type { GatewaySettings } from './settings.ts'
import { untilThere } from './until-there.ts'

/** A record is at most 256 KiB, and brokers copy each of them three times. */
const maxInlineBytes = 64 * 1024
const leastKeyBytes = 32

export interface DistributedStart extends Pick<GatewayPorts, 'instance' | 'log'> {
  readonly kafka: KafkaSettings
  /** Told what is waited for, and undefined when that is over. */
  readonly tell: (why: string | undefined) => void
  /** What counts each call to a server. */
  readonly metrics: Registry
}

/**
 * Fails with SECRET_MISSING (everything that cannot be read, at once), CONFIG_INVALID, or what a cluster forbids. Redis and object
 * store need not be there; Kafka is waited for. What was opened is pushed to `closers`, also when a later step fails.
 */
export async function openDistributedPorts(
  settings: GatewaySettings,
  closers: Closers,
  start: DistributedStart,
): Promise<GatewayPorts> {
  const { instance, log, metrics } = start
  const onRedisCall = databaseCalls(metrics)('redis')
  const needs = needsOf(settings.roles)
  const troubles = serverTroubles(log)
  const texts = new StartTexts(secretFiles(settings.secrets))
  const kafka = await kafkaAccess(start.kafka, texts)
  const redis =
    settings.redis && (needs.replies || needs.ledger || needs.limiter) ? await redisAccess(settings.redis, texts) : undefined
  const store = settings.contentStore && needs.content ? await storeAccess(settings.contentStore, texts) : undefined
  const key = needs.key ? await texts.secret('gatewayKey.secret', settings.gatewayKey?.secret, leastKeyBytes) : undefined
  texts.check()

  const signer = key === undefined ? keyless : hmacSigner(Buffer.from(key))
  const ports: Partial<OptionalPorts> = {
    ...(redis && openOnRedis({ ...redis, onCall: onRedisCall }, { needs, signer, troubles, closers })),
    ...(store && { content: await openS3Content({ ...store, onCall: objectStoreCalls(metrics) }) }),
  }
  const { content } = ports
  if (content) closers.push('content', () => content.close())
  const bus = await untilThere(
    () =>
      openKafkaBus({
        topics: Object.values(topics),
        partitions: settings.bus.partitions,
        kafka,
        replication: start.kafka.replication,
        instance,
        log,
      }),
    { what: `Kafka at ${start.kafka.brokers.join(', ')}`, log, tell: start.tell },
  )
  closers.push('bus', () => bus.close())
  // No disk of ours fills: brokers and object store refuse what they cannot take.
  return { ...ports, bus, signer, log, instance, maxInlineBytes, durableEvents: true, minFreeBytes: 0, troubles: troubles.list }
}

/** A process that was not given the key signs nothing that others would believe, and believes nothing. */
const keyless: Signer = {
  sign() {
    throw new Error('this process has no gateway key: the needs of its roles do not name it')
  },
  verify: () => false,
}

async function kafkaAccess({ brokers, tls, sasl }: KafkaSettings, texts: StartTexts) {
  const password = await texts.secret('kafka.sasl.secret', sasl?.secret)
  const tlsTexts = await texts.tls('kafka.tls', tls)
  return {
    brokers,
    ...(tlsTexts && { tls: tlsTexts }),
    ...(sasl && { sasl: { mechanism: sasl.mechanism, username: sasl.username, password: password ?? '' } }),
  }
}

interface RedisAccess {
  readonly redis: RedisServer
  readonly prefix: string
}

async function redisAccess(settings: RedisSettings, texts: StartTexts): Promise<RedisAccess> {
  const { address, username, secret, database, prefix } = settings
  const password = await texts.secret('redis.secret', secret)
  const tls = await texts.tls('redis.tls', settings.tls)
  const redis: RedisServer = {
    ...hostAndPort(address, 'redis.address'),
    database,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls && { tls: redisTls(tls) }),
  }
  return { redis, prefix }
}

const redisTls = ({ certificate: cert, ...others }: TlsTexts): RedisTls => ({ ...others, ...(cert === undefined ? {} : { cert }) })

async function storeAccess(settings: ContentStoreSettings, texts: StartTexts) {
  const { endpoint, region, bucket, prefix, accessKeyId, secret, uploadMemoryBytes: uploadBytes } = settings
  const secretAccessKey = (await texts.secret('contentStore.secret', secret)) ?? ''
  const ca = await texts.file('contentStore.ca', settings.ca)
  return { endpoint, region, bucket, prefix, accessKeyId, secretAccessKey, uploadBytes, ...(ca === undefined ? {} : { ca }) }
}

function openOnRedis(
  access: RedisAccess & { readonly onCall: CallEnded },
  { needs, signer, troubles, closers }: { needs: RoleNeeds; signer: Signer; troubles: ServerTroubles; closers: Closers },
): Partial<OptionalPorts> {
  const ledger = needs.ledger && openRedisLedger({ ...access, onChange: troubles.redis('the ledger') })
  const limiter = needs.limiter && openRedisLimiter({ ...access, onChange: troubles.redis('the limiter') })
  const replies =
    needs.replies &&
    openRedisReplies({ ...access, verify: (reply) => signer.verify(reply), onChange: troubles.redis('the reply channel') })
  for (const [name, port] of Object.entries({ ledger, limiter, replies })) if (port) closers.push(name, () => port.close())
  return { ...(ledger && { ledger }), ...(limiter && { limiter }), ...(replies && { replies }) }
}
