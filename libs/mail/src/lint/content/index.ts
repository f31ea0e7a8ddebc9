/** The rules on what a message says, shows, links to and carries. */
import type { LintRule } from '../port.ts'
import { activeRules } from './active-rules.ts'
import { attachmentNameRules } from './attachment-name-rules.ts'
import { attachmentRules } from './attachment-rules.ts'
import { bodyRules } from './body-rules.ts'
import { imageRules } from './image-rules.ts'
import { linkFormRules } from './link-form-rules.ts'
import { linkHostRules } from './link-host-rules.ts'

export { type Link, type LinkPlace, linksOf } from './links/links-of.ts'

/** In the order of the reference page. */
export const contentRules: readonly LintRule[] = [
  ...bodyRules,
  ...activeRules,
  ...imageRules,
  ...linkFormRules,
  ...linkHostRules,
  ...attachmentRules,
  ...attachmentNameRules,
]
