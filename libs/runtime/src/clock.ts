/** The clocks of the machine. */
import type { Clock } from './role.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
}
