/** The settings that every checker has. */
import Type, { type Static } from 'typebox'

export const checkerSettingsSchema = Type.Object(
  {
    concurrency: Type.Integer({ default: 256, minimum: 1, description: 'messages under check at once' }),
    policyWaitMs: Type.Integer({
      default: 1000,
      minimum: 0,
      description: 'how long a message waits for its policy revision to appear here, ms',
    }),
  },
  { additionalProperties: false },
)
export type CheckerSettings = Static<typeof checkerSettingsSchema>

export const checkerDefaults: CheckerSettings = { concurrency: 256, policyWaitMs: 1000 }
