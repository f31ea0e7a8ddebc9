/** The policy document: what an organization declares. Its JSON Schema is published, its types are derived from it. */
import Type, { type Static } from 'typebox'

const strict = { additionalProperties: false } as const
const words = (...values: string[]) => Type.Union(values.map((value) => Type.Literal(value)))

export const maxDocumentBytes = 512 * 1024

export const limitSchema = Type.Object(
  {
    per: Type.Union([
      words('application', 'sender', 'sender-domain', 'recipient-domain'),
      Type.Array(words('application', 'sender', 'sender-domain', 'recipient-domain'), { minItems: 1 }),
    ]),
    count: words('messages', 'recipients', 'bytes'),
    rate: Type.String({ pattern: '^[1-9][0-9]*/(s|m|h|d)$', description: 'e.g. 1000/h' }),
    burst: Type.Integer({ minimum: 1 }),
  },
  strict,
)

const whenUnavailable = Type.Union([Type.Literal('relay'), Type.Literal('defer'), Type.Literal('hold'), Type.Literal('reject')], {
  description: 'what an enforced check that could not judge stands for; default defer',
})
const mode = Type.Union([Type.Literal('off'), Type.Literal('monitor'), Type.Literal('enforce')])

export const checkSettingsSchema = Type.Object(
  {
    mode,
    whenUnavailable: Type.Optional(whenUnavailable),
    onFail: Type.Optional(
      Type.Union([Type.Literal('reject'), Type.Literal('hold')], { description: 'what a finding stands for; default reject' }),
    ),
    holdAt: Type.Optional(Type.Number({ description: 'scoring checks: hold from this score on' })),
    rejectAt: Type.Optional(Type.Number({ description: 'scoring checks: reject from this score on' })),
    limits: Type.Optional(Type.Array(limitSchema)),
    plusAddressing: Type.Optional(Type.Boolean({ description: 'address: user+tag@ counts as user@; default true' })),
    localPartCase: Type.Optional(
      Type.Union([Type.Literal('ignore'), Type.Literal('keep')], { description: 'address: default ignore' }),
    ),
  },
  strict,
)
export type CheckSettings = Static<typeof checkSettingsSchema>

export const sendersSchema = Type.Object(
  {
    domains: Type.Optional(Type.Array(Type.String(), { description: 'example.com, or *.example.com for every subdomain' })),
    addresses: Type.Optional(Type.Array(Type.String(), { description: 'user@example.com, *@example.com, prefix-*@example.com' })),
    directories: Type.Optional(Type.Array(Type.String(), { description: 'names of directories of the document' })),
    nullSender: Type.Optional(Type.Boolean({ description: 'may send with the null sender; default true' })),
  },
  strict,
)

export const applicationSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,63}$' }),
    owner: Type.String({ description: 'address that is told about violations' }),
    from: Type.Object(
      {
        networks: Type.Optional(Type.Array(Type.String())),
        auth: Type.Optional(
          Type.Array(
            Type.Object(
              { user: Type.String(), secret: Type.String({ description: 'name of the secret with the scrypt or argon2id hash' }) },
              strict,
            ),
          ),
        ),
        certificates: Type.Optional(
          Type.Array(Type.String({ description: 'SHA-256 fingerprint, or DNS name of a certificate of smtp.tls.clientCa' })),
        ),
      },
      strict,
    ),
    senders: Type.Optional(sendersSchema),
    retries: Type.Optional(Type.Boolean({ description: 'it has a queue of its own and may be answered 451; default false' })),
    reply: Type.Optional(Type.Union([Type.Literal('after-verdict'), Type.Literal('at-once')])),
    whenUndecided: Type.Optional(Type.Union([Type.Literal('accept'), Type.Literal('defer')])),
    lateReject: Type.Optional(Type.Union([Type.Literal('hold'), Type.Literal('bounce')])),
    maxUnsettled: Type.Optional(Type.Integer({ minimum: 1 })),
    maxWaiting: Type.Optional(Type.Integer({ minimum: 1 })),
    maxRecipients: Type.Optional(Type.Integer({ minimum: 1 })),
    maxMessageBytes: Type.Optional(Type.Integer({ minimum: 1024 })),
    class: Type.Optional(Type.Union([Type.Literal('urgent'), Type.Literal('normal'), Type.Literal('bulk')])),
    route: Type.Optional(Type.String()),
    expiry: Type.Optional(Type.String({ pattern: '^[1-9][0-9]*(m|h|d)$', description: 'how long delivery is tried; default 5d' })),
    trustTraceparent: Type.Optional(Type.Boolean()),
    checks: Type.Optional(Type.Record(Type.String(), checkSettingsSchema)),
  },
  strict,
)
export type Application = Static<typeof applicationSchema>

export const routeSchema = Type.Union([
  Type.Object(
    {
      smarthost: Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })], {
        description: 'host:port; several: the next when one fails',
      }),
      tls: Type.Optional(
        Type.Union([Type.Literal('opportunistic'), Type.Literal('required'), Type.Literal('implicit'), Type.Literal('off')]),
      ),
      user: Type.Optional(Type.String()),
      secret: Type.Optional(Type.String({ description: 'name of the secret with the password' })),
      connections: Type.Optional(Type.Integer({ minimum: 1, description: 'at once, per destination; default 20' })),
    },
    strict,
  ),
  Type.Object(
    {
      capture: Type.Union([Type.Boolean(), Type.String()], {
        description: 'deliver into .eml files in this folder (below data), send nothing',
      }),
    },
    strict,
  ),
])
export type Route = Static<typeof routeSchema>

export const policyDocumentSchema = Type.Object(
  {
    organization: Type.Object(
      {
        name: Type.String(),
        domains: Type.Array(Type.String(), { minItems: 1 }),
        networks: Type.Optional(Type.Array(Type.String())),
      },
      strict,
    ),
    unregistered: Type.Optional(Type.Object({ mode: Type.Union([Type.Literal('off'), Type.Literal('monitor')]) }, strict)),
    directories: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,63}$' }),
        Type.Object(
          {
            file: Type.String({ description: '.txt (an address a line) or .csv' }),
            column: Type.Optional(Type.String({ description: 'csv: the column; default the first' })),
          },
          strict,
        ),
      ),
    ),
    defaults: Type.Optional(
      Type.Object(
        { checks: Type.Optional(Type.Record(Type.String(), checkSettingsSchema)), plusAddressing: Type.Optional(Type.Boolean()) },
        strict,
      ),
    ),
    hold: Type.Optional(
      Type.Object(
        {
          keep: Type.Optional(Type.String({ pattern: '^[1-9][0-9]*(m|h|d)$', description: 'default 14d' })),
          onExpiry: Type.Optional(
            Type.Union([Type.Literal('release'), Type.Literal('drop'), Type.Literal('bounce')], { description: 'default drop' }),
          ),
        },
        strict,
      ),
    ),
    bounces: Type.Optional(
      Type.Object(
        {
          from: Type.Optional(Type.String()),
          perHour: Type.Optional(Type.Integer({ minimum: 1, description: 'per address and application; default 20' })),
        },
        strict,
      ),
    ),
    applications: Type.Array(applicationSchema),
    routes: Type.Object({ default: routeSchema }, { additionalProperties: routeSchema }),
  },
  strict,
)
export type PolicyDocument = Static<typeof policyDocumentSchema>
