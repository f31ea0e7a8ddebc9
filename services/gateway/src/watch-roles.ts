/** What a process does beside its roles: it says which they are, sees those of others, and measures how far its groups are behind. */
import type { Bus } from '@sallyport/bus'
import { lagMetrics, openPresence, type Presence, systemClock } from '@sallyport/runtime'
import type { Registry } from 'prom-client'
import type { Closers } from './closers.ts'
import type { GatewayPorts } from './ports.ts'

export interface RoleWatch {
  /** For the roles: who consumes what is remembered. */
  readonly bus: Bus
  readonly presence: Presence
}

export async function watchRoles(
  stores: Pick<GatewayPorts, 'bus' | 'log' | 'instance'>,
  metrics: Registry,
  closers: Closers,
): Promise<RoleWatch> {
  const { bus, log, instance } = stores
  const lag = lagMetrics(bus, { metrics, log })
  closers.push('lag metrics', async () => lag.stop())
  const presence = await openPresence({ bus, clock: systemClock, log, instance })
  closers.push('presence', () => presence.stop())
  return { bus: lag.bus, presence }
}
