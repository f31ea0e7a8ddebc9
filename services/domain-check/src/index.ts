/** The role `domain-check`: does the message come from a domain that its application may use? */
import { type CheckerPorts, startChecker } from '@sallyport/checker'
import type { RunningRole } from '@sallyport/runtime'
import { Value } from 'typebox/value'
import { domainChecker } from './check.ts'
import { type DomainCheckSettings, domainCheckSettingsSchema } from './config.ts'

export { type DomainCheckSettings, domainCheckSettingsSchema } from './config.ts'

/** Resolves when the group is joined. Fails with BUS_CLOSED, or where a setting does not fit. */
export async function startDomainCheck(ports: CheckerPorts, settings: Partial<DomainCheckSettings> = {}): Promise<RunningRole> {
  const filled = Value.Parse(domainCheckSettingsSchema, Value.Default(domainCheckSettingsSchema, { ...settings }))
  return await startChecker(domainChecker, ports, filled)
}
