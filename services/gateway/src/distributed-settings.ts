/** Where the servers of the distributed form are. Secrets are named here, never written down. */
import Type, { type Static } from 'typebox'

const strict = { additionalProperties: false } as const
const mib = 1024 * 1024

export const tlsSchema = Type.Object(
  {
    ca: Type.Optional(Type.String({ description: 'PEM file of the authorities to trust; default those of Node' })),
    certificate: Type.Optional(Type.String({ description: 'PEM file with a client certificate' })),
    key: Type.Optional(Type.String({ description: 'PEM file with the key of the client certificate' })),
  },
  { ...strict, description: '{} for TLS with the authorities of Node' },
)

const kafkaSchema = Type.Object(
  {
    brokers: Type.Array(Type.String(), { minItems: 1, description: 'host:port of some brokers, at least one' }),
    replication: Type.Integer({
      default: 3,
      minimum: 1,
      description: 'copies of each record; below 3 the loss of a broker loses mail or stops it',
    }),
    tls: Type.Optional(tlsSchema),
    sasl: Type.Optional(
      Type.Object(
        {
          mechanism: Type.Union([Type.Literal('plain'), Type.Literal('scram-sha-256'), Type.Literal('scram-sha-512')], {
            default: 'scram-sha-512',
            description: 'plain, scram-sha-256 or scram-sha-512',
          }),
          username: Type.String({ description: 'who this gateway is' }),
          secret: Type.String({ description: 'the name of the secret with the password' }),
        },
        strict,
      ),
    ),
  },
  strict,
)

const redisSchema = Type.Object(
  {
    address: Type.String({ description: 'host:port of the primary' }),
    username: Type.Optional(Type.String({ description: 'of the ACL; default none' })),
    secret: Type.Optional(Type.String({ description: 'the name of the secret with the password; default none' })),
    database: Type.Integer({ default: 0, minimum: 0, description: 'its number' }),
    prefix: Type.String({ default: 'sallyport:', description: 'what every key begins with' }),
    tls: Type.Optional(tlsSchema),
  },
  strict,
)

const contentStoreSchema = Type.Object(
  {
    endpoint: Type.String({ pattern: '^https?://', description: 'http:// or https:// and host:port of an S3-compatible store' }),
    region: Type.String({ default: 'us-east-1', description: 'any word where the store has none' }),
    bucket: Type.String({ minLength: 1, description: 'must exist' }),
    prefix: Type.String({ default: 'content/', description: 'what every key begins with' }),
    accessKeyId: Type.String({ minLength: 1, description: 'who this gateway is' }),
    secret: Type.String({ description: 'the name of the secret with the secret access key' }),
    ca: Type.Optional(Type.String({ description: 'PEM file of the authorities to trust; default those of Node' })),
    uploadMemoryBytes: Type.Integer({
      default: 128 * mib,
      minimum: 16 * mib,
      description: 'memory of all uploads of a process at once, 8 MiB for a message above 1 MiB; who finds none waits for its turn',
    }),
  },
  strict,
)

const gatewayKeySchema = Type.Object(
  {
    secret: Type.String({
      description: 'the name of the secret that ingress and verdict sign with: at least 32 bytes, the same for all processes',
    }),
  },
  strict,
)

/** All together, or none: without them the gateway is embedded. */
export const distributedSettings = {
  kafka: Type.Optional(kafkaSchema),
  redis: Type.Optional(redisSchema),
  contentStore: Type.Optional(contentStoreSchema),
  gatewayKey: Type.Optional(gatewayKeySchema),
}

export type KafkaSettings = Static<typeof kafkaSchema>
export type RedisSettings = Static<typeof redisSchema>
export type ContentStoreSettings = Static<typeof contentStoreSchema>
export type TlsFiles = Static<typeof tlsSchema>
