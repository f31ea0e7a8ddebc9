/** The gateway's configuration file: its schema gives type, defaults, check and reference page. */
import {
  digestEverySchema,
  digestHourSchema,
  publicUrlSchema,
  tokenSchema,
  tokensSchema,
  tracesUrlSchema,
} from '@sallyport/console'
import { deliverySettingsSchema } from '@sallyport/delivery'
import { spamScoringSettingsSchema } from '@sallyport/spam-scoring'
import { tracingSettingsSchema } from '@sallyport/tracing'
import { verdictSettingsSchema } from '@sallyport/verdict'
import Type, { type Static } from 'typebox'
import { distributedSettings } from './distributed-settings.ts'
import { recordsSchema } from './records-settings.ts'
import { type RoleName, roleNames } from './role-names.ts'

const strict = { additionalProperties: false } as const

const listenerSchema = Type.Union([
  Type.String({ description: 'host:port' }),
  Type.Object(
    {
      address: Type.String({ description: 'host:port' }),
      tls: Type.Optional(Type.Union([Type.Literal('starttls'), Type.Literal('implicit'), Type.Literal('off')])),
      proxy: Type.Optional(Type.Boolean({ description: 'requires a PROXY header (v1 or v2) from smtp.proxy.networks' })),
    },
    strict,
  ),
])

const smtpSchema = Type.Object(
  {
    listen: Type.Union([Type.String(), Type.Array(listenerSchema)], {
      default: ['127.0.0.1:2525'],
      description: 'host:port, or a list of host:port or { address, tls, proxy }',
    }),
    hostname: Type.Optional(
      Type.String({
        pattern: '^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253}[A-Za-z0-9_])?|\\[[0-9A-Za-z:.]{2,64}\\])$',
        description: 'the name in greeting, Received and EHLO; default the host name of the machine',
      }),
    ),
    tls: Type.Optional(
      Type.Object(
        {
          certificate: Type.String({ description: 'PEM file with the certificate chain' }),
          key: Type.String({ description: 'PEM file with the private key' }),
          clientCa: Type.Optional(Type.String({ description: 'PEM file with the CA of client certificates' })),
        },
        strict,
      ),
    ),
    proxy: Type.Optional(
      Type.Object({ networks: Type.Array(Type.String(), { description: 'CIDR networks of the load balancers' }) }, strict),
    ),
    maxConnections: Type.Integer({ default: 2000, minimum: 1, description: 'a whole number from 1 on' }),
    maxConnectionsPerClient: Type.Optional(
      Type.Integer({ minimum: 1, description: 'of an IPv4 address or an IPv6 /64; default smtp.maxConnections' }),
    ),
    maxMessageBytes: Type.Integer({ default: 52_428_800, minimum: 1024, description: 'bytes, from 1024 on' }),
    maxUnsettled: Type.Integer({
      default: 2000,
      minimum: 1,
      description: 'messages between DATA and reply at once, in all of this process',
    }),
    maxContentMemoryBytes: Type.Integer({
      default: 268_435_456,
      minimum: 0,
      description:
        'content in memory of messages between DATA and reply, in all, bytes; beyond it what is over 64 KiB goes to the content store at once',
    }),
    maxQueued: Type.Integer({
      default: 500_000,
      minimum: 1,
      description: 'messages that wait for delivery until no more are taken; one application alone may have four fifths of them',
    }),
    maxDelayMs: Type.Integer({
      default: 5_000,
      minimum: 0,
      maximum: 60_000,
      description: 'how late MAIL is answered at most where too much waits, before it is refused, ms',
    }),
    paceAbove: Type.Number({
      default: 0.4,
      minimum: 0.05,
      maximum: 1,
      description:
        'while the thread of ingress is busier than this share of the time and others send, the application that sends more than all of them is let in evenly, and while more is accepted than can be sent on, who sends most waits up to 50 ms; 1 never does',
    }),
    budgetMs: Type.Integer({ default: 20_000, minimum: 100, description: 'how long a client waits for a verdict at most, ms' }),
    idleMs: Type.Integer({ default: 300_000, minimum: 1000, description: 'an idle connection is closed after this, ms' }),
    tlsHandshakeMs: Type.Integer({
      default: 10_000,
      minimum: 100,
      description: 'a TLS handshake is done after this, or ended, ms',
    }),
    drainMs: Type.Integer({ default: 30_000, minimum: 0, description: 'how long a stop waits for transactions, ms' }),
    bareLineEnds: Type.Union([Type.Literal('normalize'), Type.Literal('reject')], {
      default: 'normalize',
      description: 'what to do with bare CR or LF in content: normalize or reject',
    }),
  },
  { ...strict, default: {} },
)

/** A role's own settings, but for those that the gateway has elsewhere. */
function withoutKeys<P extends object, K extends keyof P>(properties: P, keys: readonly K[]): Omit<P, K> {
  const rest = { ...properties }
  for (const key of keys) delete rest[key]
  return rest
}

export const gatewaySettingsSchema = Type.Object(
  {
    data: Type.String({ default: './data', minLength: 1, description: 'the data folder' }),
    secrets: Type.String({ default: './secrets', description: 'the folder of secrets, one file each' }),
    policy: Type.Optional(Type.String({ description: 'path of the policy file; default the sample policy' })),
    policySource: Type.Union([Type.Literal('api'), Type.Literal('file')], {
      default: 'api',
      description: 'api: the file seeds an empty gateway; file: the file is watched and is the only source',
    }),
    roles: Type.Array(Type.Unsafe<RoleName>(Type.Enum([...roleNames])), {
      default: [...roleNames],
      description: `a list of ${roleNames.join(', ')}`,
    }),
    smtp: smtpSchema,
    console: Type.Object(
      {
        listen: Type.String({ default: '127.0.0.1:8080', description: 'host:port' }),
        token: tokenSchema,
        tokens: tokensSchema,
        publicUrl: publicUrlSchema,
        tracesUrl: tracesUrlSchema,
        digestEveryMs: digestEverySchema,
        digestHour: digestHourSchema,
      },
      { ...strict, default: {} },
    ),
    records: recordsSchema,
    delivery: Type.Object(withoutKeys(deliverySettingsSchema.properties, ['hostname', 'data']), { ...strict, default: {} }),
    spamScoring: Type.Object(withoutKeys(spamScoringSettingsSchema.properties, ['concurrency', 'policyWaitMs']), {
      ...strict,
      default: {},
    }),
    verdict: Type.Object(withoutKeys(verdictSettingsSchema.properties, ['budgetMs']), { ...strict, default: {} }),
    health: Type.Object(
      { listen: Type.String({ default: '127.0.0.1:8081', description: 'host:port' }) },
      { ...strict, default: {} },
    ),
    log: Type.Object(
      {
        level: Type.Union(
          ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map((level) => Type.Literal(level as 'info')),
          { default: 'info', description: 'fatal, error, warn, info, debug, trace or silent' },
        ),
        addresses: Type.Union([Type.Literal('hidden'), Type.Literal('clear')], {
          default: 'hidden',
          description: 'whether lines tell mail addresses',
        }),
      },
      { ...strict, default: {} },
    ),
    tracing: tracingSettingsSchema,
    metrics: Type.Object(
      {
        applications: Type.Integer({
          default: 100,
          minimum: 1,
          description: 'applications with series of their own in metrics, those that send most; the rest is "other"',
        }),
        destinations: Type.Integer({ default: 50, minimum: 1, description: 'the same for destinations' }),
      },
      { ...strict, default: {} },
    ),
    bus: Type.Object(
      {
        partitions: Type.Integer({
          default: 6,
          minimum: 1,
          maximum: 64,
          description: 'partitions of each topic, 1 to 64; fixed once data exists',
        }),
      },
      { ...strict, default: {} },
    ),
    ...distributedSettings,
    policyWaitMs: Type.Integer({
      default: 600_000,
      minimum: 0,
      description: 'how long a process without the role console waits for the first policy before it gives up, ms',
    }),
    minFreeBytes: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'below this much free disk no mail is accepted; default the larger of 2 GiB and 5 %',
      }),
    ),
  },
  strict,
)
export type GatewaySettings = Static<typeof gatewaySettingsSchema>
