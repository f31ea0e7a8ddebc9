/** Tracing of this process, and the bus through which it is carried. */
import type { Bus } from '@sallyport/bus'
import { systemClock } from '@sallyport/runtime'
import { startTracing, type Tracing, tellKeptTraces, tracedBus } from '@sallyport/tracing'
import type { Closers } from './closers.ts'
import type { GatewayPorts } from './ports.ts'
import { roleNames } from './role-names.ts'
import type { GatewaySettings } from './settings.ts'

export interface OpenedTracing {
  readonly tracing: Tracing
  /** Carries the trace from record to record. */
  trace(bus: Bus): Bus
}

export async function openTracing(settings: GatewaySettings, stores: GatewayPorts, closers: Closers): Promise<OpenedTracing> {
  const { bus, log, instance, signer } = stores
  const isShared = settings.kafka !== undefined
  const tracing = await startTracing({
    settings: settings.tracing,
    roles: roleNames.filter((role) => settings.roles.includes(role)),
    instance,
    // Every process of a gateway has the same, and nobody comes from it to the gateway's key.
    key: () => Buffer.from(signer.sign({ v: 1, kind: 'key of addresses in traces' }).hmac),
    clock: systemClock,
    onTrouble: (text) => log.warn({ text }, 'spans could not be exported'),
  })
  closers.push('tracing', () => tracing.stop())
  if (settings.tracing.endpoint === undefined) return { tracing, trace: (plain) => plain }
  if (isShared) {
    const telling = await tellKeptTraces({ bus, kept: tracing.kept, instance, now: () => systemClock.now() })
    closers.push('kept traces', () => telling.stop())
  }
  return { tracing, trace: (plain) => tracedBus(plain, isShared ? 'kafka' : 'sallyport') }
}
