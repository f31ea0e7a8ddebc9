/** The settings of the throttle: those that every checker has. What it limits stands in the policy. */
import { type CheckerSettings, checkerSettingsSchema } from '@sallyport/checker'

export const throttleSettingsSchema = checkerSettingsSchema
export type ThrottleSettings = CheckerSettings
