/** The settings of the domain check: those that every checker has. What is authorized stands in the policy. */
import { type CheckerSettings, checkerSettingsSchema } from '@sallyport/checker'

export const domainCheckSettingsSchema = checkerSettingsSchema
export type DomainCheckSettings = CheckerSettings
