/** The settings of the spam check. What its scores stand for is in the policy. */
import { join } from 'node:path'
import { checkerSettingsSchema } from '@sallyport/checker'
import Type, { type Static } from 'typebox'
import { engineSettingsSchema } from './engines/engine-settings.ts'

/** The model that comes with the gateway. */
export const shippedModel = join(import.meta.dirname, '../model/spam.model')

export const spamScoringSettingsSchema = Type.Object(
  {
    ...checkerSettingsSchema.properties,
    workers: Type.Integer({ default: 1, minimum: 1, maximum: 64, description: 'scoring threads' }),
    scoreBytes: Type.Integer({
      default: 524_288,
      minimum: 16_384,
      maximum: 16_777_216,
      description: 'a longer message is scored on so many bytes and on the structure of the rest, and says so',
    }),
    model: Type.Optional(Type.String({ description: 'file of a spam model of your own; default the one that comes with it' })),
    engines: Type.Array(engineSettingsSchema, {
      default: [],
      description: 'a list of spam and virus scanners that are asked too; their points are added',
    }),
  },
  { additionalProperties: false },
)
export type SpamScoringSettings = Static<typeof spamScoringSettingsSchema>
