/** One registered sending system: how it is recognized, what it may send as, how it is answered. */
import Type, { type Static } from 'typebox'
import { checksSchema } from './check-settings-schema.ts'
import { choice, durationSchema, nameSchema, secretSchema, strict } from './schema-words.ts'

/** Defaults of an application. A message of 50 MiB is what the large mail providers take at most. */
export const applicationDefaults = {
  maxUnsettled: 100,
  maxWaiting: 10_000,
  maxRecipients: 1000,
  maxMessageBytes: 52_428_800,
  expiry: '5d',
} as const

export const sendersSchema = Type.Object(
  {
    domains: Type.Optional(
      Type.Array(Type.String(), {
        description: 'beside the domains of the organization: `example.com`, or `*.example.com` for every subdomain',
      }),
    ),
    addresses: Type.Optional(
      Type.Array(Type.String(), { description: '`user@example.com`, `*@example.com` or `prefix-*@example.com`' }),
    ),
    directories: Type.Optional(Type.Array(Type.String(), { description: 'names of `directories` with further addresses' })),
    nullSender: Type.Optional(Type.Boolean({ description: 'may send with the null sender `<>`', default: true })),
  },
  { ...strict, description: 'what it may send as, in the envelope and in header From' },
)

const fromSchema = Type.Object(
  {
    networks: Type.Optional(
      Type.Array(Type.String(), { description: 'IPv4 and IPv6 networks (`10.1.0.0/24`) or addresses; the longest match wins' }),
    ),
    auth: Type.Optional(
      Type.Array(
        Type.Object(
          {
            user: Type.String({ minLength: 1, maxLength: 255, description: 'SMTP AUTH user name, as it is sent' }),
            secret: secretSchema('name of the secret with its scrypt or argon2id hash'),
          },
          strict,
        ),
        { description: 'SMTP AUTH identities' },
      ),
    ),
    certificates: Type.Optional(
      Type.Array(Type.String(), {
        description: 'client certificates that `smtp.tls.clientCa` signed, by SHA-256 fingerprint or DNS name',
      }),
    ),
  },
  { ...strict, description: 'how it is recognized: AUTH before certificate before network' },
)

const atLeastOne = (description: string, fallback: number) =>
  Type.Optional(Type.Integer({ minimum: 1, description, default: fallback }))

export const applicationSchema = Type.Object(
  {
    name: nameSchema('unique; lower-case letters, digits, dot, dash, underscore'),
    owner: Type.String({ description: 'address that is told about violations' }),
    from: fromSchema,
    senders: Type.Optional(sendersSchema),
    retries: Type.Optional(Type.Boolean({ description: 'it has a queue of its own and may be answered 451', default: false })),
    reply: Type.Optional(
      choice(['after-verdict', 'at-once'], '`at-once` accepts before the verdict; what then is not fit to leave is held', {
        default: 'after-verdict',
      }),
    ),
    whenUndecided: Type.Optional(
      choice(['accept', 'defer'], 'no verdict in time: accept and decide later, or answer 451', { default: 'accept' }),
    ),
    lateReject: Type.Optional(choice(['hold', 'bounce'], 'what a reject after acceptance becomes', { default: 'hold' })),
    maxUnsettled: atLeastOne('messages between DATA and reply at once, at each ingress process', applicationDefaults.maxUnsettled),
    maxWaiting: atLeastOne(
      'accepted messages that wait for their turn, of each ingress process; more are answered 451',
      applicationDefaults.maxWaiting,
    ),
    maxRecipients: atLeastOne('recipients of a message', applicationDefaults.maxRecipients),
    maxMessageBytes: Type.Optional(
      Type.Integer({ minimum: 1024, description: 'size of a message', default: applicationDefaults.maxMessageBytes }),
    ),
    class: Type.Optional(choice(['urgent', 'normal', 'bulk'], 'share of delivery: 8 to 4 to 1', { default: 'normal' })),
    route: Type.Optional(Type.String({ description: 'name of one of `routes`', default: 'default' })),
    expiry: Type.Optional(durationSchema('how long delivery is tried (m, h, d)', applicationDefaults.expiry)),
    trustTraceparent: Type.Optional(
      Type.Boolean({ description: 'continue the trace that its `traceparent` header names', default: false }),
    ),
    checks: Type.Optional(checksSchema('settings by check, over those of `defaults.checks`')),
  },
  strict,
)
export type Application = Static<typeof applicationSchema>
