/** The settings of the console role. */
import Type, { type Static } from 'typebox'

export const tokenSchema = Type.Optional(
  Type.String({
    pattern: '^[!-~]+$',
    description:
      'bearer token of the API with the scope admin, one word of visible ASCII characters, or secret:NAME; default one is made in data/console-token',
  }),
)

export const tokensSchema = Type.Optional(
  Type.Array(
    Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 100, description: 'for the audit log' }),
        scope: Type.Union([Type.Literal('viewer'), Type.Literal('operator'), Type.Literal('admin')], {
          description: 'viewer sees, operator also releases, retries, pauses and reads content, admin also changes the policy',
        }),
        hash: Type.String({
          pattern: '^secret:.+$',
          description: 'secret:NAME, whose file holds the SHA-256 of the token in hex: "sallyport token" makes both',
        }),
      },
      { additionalProperties: false },
    ),
    { description: 'further bearer tokens of the API: a list of { name, scope, hash }' },
  ),
)

export const publicUrlSchema = Type.Optional(
  Type.String({
    pattern: '^https?://[^\\s?#]+$',
    maxLength: 100,
    description:
      'the http:// or https:// address at which the makers of applications reach this console: refusals then carry a link to a page that explains them; default none',
  }),
)

export const tracesUrlSchema = Type.Optional(
  Type.String({
    pattern: '^https?://[^\\s?#]+$',
    maxLength: 200,
    description: 'where people find traces in Jaeger (http://jaeger.example.com:16686): the page and "sallyport trace" link to it',
  }),
)

export const digestEverySchema = Type.Integer({
  default: 3_600_000,
  minimum: 1,
  description: 'an owner is told at most this often of mail that failed and whose sender may not be told, ms',
})
export const digestHourSchema = Type.Integer({
  default: 6,
  minimum: 0,
  maximum: 23,
  description: 'hour of the day (UTC) after which owners get the digest of violations',
})

export const consoleSettingsSchema = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1', description: 'the address to listen on' }),
    port: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535, description: '0: a free one' }),
    data: Type.String({ description: 'the data folder: here the token is kept that is made when none is given' }),
    token: tokenSchema,
    tokens: tokensSchema,
    publicUrl: publicUrlSchema,
    tracesUrl: tracesUrlSchema,
    policyFile: Type.Optional(Type.String({ description: 'path of the policy file' })),
    policySource: Type.Union([Type.Literal('api'), Type.Literal('file')], {
      default: 'api',
      description: 'api: the file seeds an empty gateway; file: the file is watched and is the only source',
    }),
    policyFilePollMs: Type.Integer({ default: 1000, minimum: 1, description: 'how often a watched policy file is looked at, ms' }),
    keepMs: Type.Integer({
      default: 30 * 86_400_000,
      minimum: 60_000,
      description: 'how long the trace of a message is kept, ms',
    }),
    keepRollupsMs: Type.Integer({
      default: 400 * 86_400_000,
      minimum: 60_000,
      description: 'how long hourly counts are kept, ms; never less than the traces',
    }),
    digestEveryMs: digestEverySchema,
    digestHour: digestHourSchema,
    ownersTickMs: Type.Integer({ default: 2_000, minimum: 1, description: 'how often is looked whom to tell, ms' }),
    batchEvents: Type.Integer({ default: 4000, minimum: 1, description: 'events are stored when so many have come' }),
    batchMs: Type.Integer({
      default: 200,
      minimum: 1,
      description: 'or when the first has waited so long, ms; four times as long under load',
    }),
  },
  { additionalProperties: false },
)
export type ConsoleSettings = Static<typeof consoleSettingsSchema>
