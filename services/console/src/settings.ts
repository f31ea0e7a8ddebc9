/** The settings of the console role. */
import Type, { type Static } from 'typebox'

export const consoleSettingsSchema = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1', description: 'the address to listen on' }),
    port: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535, description: '0: a free one' }),
    data: Type.String({ description: 'the data folder: here the token is kept that is made when none is given' }),
    token: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'bearer token of the API, or secret:NAME; default one is made in data/console-token',
      }),
    ),
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
    batchEvents: Type.Integer({ default: 1000, minimum: 1, description: 'events are stored when so many have come' }),
    batchMs: Type.Integer({ default: 200, minimum: 1, description: 'or when the first has waited so long, ms' }),
  },
  { additionalProperties: false },
)
export type ConsoleSettings = Static<typeof consoleSettingsSchema>
