/** The settings of the address check. What is authorized stands in the policy and in the directories that it names. */
import { checkerSettingsSchema } from '@sallyport/checker'
import Type, { type Static } from 'typebox'

export const addressCheckSettingsSchema = Type.Object(
  {
    ...checkerSettingsSchema.properties,
    directoryFolder: Type.String({ default: '.', description: 'the folder that file names of `directories` are relative to' }),
    pollMs: Type.Integer({ default: 2000, minimum: 10, description: 'how often directory files are looked at for changes, ms' }),
  },
  { additionalProperties: false },
)
export type AddressCheckSettings = Static<typeof addressCheckSettingsSchema>
