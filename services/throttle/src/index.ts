/** The role `throttle`: does the message conform to the limits of its application? */
import { type CheckerPorts, startChecker } from '@sallyport/checker'
import type { Limiter } from '@sallyport/limiter'
import type { RunningRole } from '@sallyport/runtime'
import { Value } from 'typebox/value'
import { throttleChecker } from './check.ts'
import { type ThrottleSettings, throttleSettingsSchema } from './config.ts'

export { type ThrottleSettings, throttleSettingsSchema } from './config.ts'

export interface ThrottlePorts extends CheckerPorts {
  readonly limiter: Limiter
}

/** Resolves when the group is joined. Fails with BUS_CLOSED, or where a setting does not fit. The limiter is its opener's to close. */
export async function startThrottle(ports: ThrottlePorts, settings: Partial<ThrottleSettings> = {}): Promise<RunningRole> {
  const filled = Value.Parse(throttleSettingsSchema, Value.Default(throttleSettingsSchema, { ...settings }))
  return await startChecker(throttleChecker(ports.limiter, ports.clock), ports, filled)
}
