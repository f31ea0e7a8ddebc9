/** Which engines are asked, and how. */
import Type, { type Static } from 'typebox'

export const engineSettingsSchema = Type.Object(
  {
    kind: Type.Union([Type.Literal('rspamd'), Type.Literal('spamd'), Type.Literal('clamd')], {
      description: 'rspamd (HTTP, its normal worker), spamd (SpamAssassin) or clamd (ClamAV)',
    }),
    name: Type.Optional(
      Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$', description: 'in reasons and metrics; default the kind; each only once' }),
    ),
    address: Type.String({ minLength: 1, description: 'host:port, or the path of a Unix socket' }),
    weight: Type.Number({ default: 1, minimum: 0, description: 'what one of its points counts here; a virus counts in full' }),
    timeoutMs: Type.Integer({
      default: 5000,
      minimum: 10,
      maximum: 60_000,
      description: 'how long an answer may take, and before that the wait for a place, ms',
    }),
    concurrency: Type.Integer({ default: 8, minimum: 1, maximum: 1000, description: 'questions at once' }),
    waiting: Type.Integer({ default: 256, minimum: 0, description: 'messages that wait for a place; more are not judged by it' }),
    required: Type.Boolean({
      default: true,
      description: 'without its answer the message is not judged; false: it is judged without it',
    }),
    secret: Type.Optional(Type.String({ description: 'rspamd: the name of the secret with its password' })),
    maxBytes: Type.Optional(
      Type.Integer({
        minimum: 1024,
        description: 'of a longer message it gets the beginning; default 10 MiB for rspamd, 512 KiB for spamd, 100 MB for clamd',
      }),
    ),
    infectedScore: Type.Number({ default: 100, minimum: 0, description: 'clamd: what a virus counts' }),
    failures: Type.Integer({ default: 5, minimum: 1, description: 'after so many in a row it is left alone for a while' }),
    backOffMs: Type.Integer({ default: 1000, minimum: 1, description: 'how long at first; doubled by each try that fails, ms' }),
    maxBackOffMs: Type.Integer({ default: 30_000, minimum: 1, description: 'how long at most, ms' }),
  },
  { additionalProperties: false },
)
export type EngineSettings = Static<typeof engineSettingsSchema>
