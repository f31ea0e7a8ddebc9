/** The composition root: opens the ports, starts the roles on them in order, and stops everything in the opposite one. */
import { availableParallelism } from 'node:os'
import {
  boundedLabels,
  type ConfigurationFault,
  eventStream,
  followLogLevel,
  followPolicy,
  Hand,
  meteredBus,
  openLog,
  type RolePorts,
  redacted,
  secretFiles,
  serveHealth,
  systemClock,
} from '@sallyport/runtime'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { Closers } from './closers.ts'
import { openDistributedPorts } from './distributed-ports.ts'
import { openEmbeddedPorts } from './embedded-ports.ts'
import { firstPolicy } from './first-policy.ts'
import { GatewayReadiness } from './gateway-readiness.ts'
import { hostAndPort } from './host-and-port.ts'
import { instanceName } from './instance-name.ts'
import { openTracing } from './open-tracing.ts'
import { roleNames } from './role-names.ts'
import { policyPath, roleStarters } from './role-starters.ts'
import type { GatewaySettings } from './settings.ts'
import { watchRoles } from './watch-roles.ts'

export interface Gateway {
  /** By name (smtp, console, health): host:port, several with commas. */
  readonly addresses: Readonly<Record<string, string>>
  /** Between the configured level and `debug`, of every logger. */
  toggleDebug(): void
  /** Drains: takes nothing new, finishes what is in flight, flushes, closes. */
  stop(): Promise<void>
}

/**
 * Starts what `settings` say, and logs what else was said and is `ignored`. Fails with an error whose message says what to do; nothing is
 * left running then.
 */
export async function startGateway(settings: GatewaySettings, ignored: readonly ConfigurationFault[] = []): Promise<Gateway> {
  const closers = new Closers()
  try {
    return await start(settings, ignored, closers)
  } catch (error) {
    await closers.closeAll()
    throw error
  }
}

async function start(settings: GatewaySettings, ignored: readonly ConfigurationFault[], closers: Closers): Promise<Gateway> {
  const instance = instanceName()
  const { log, levels } = openLog({ ...settings.log, instance })
  log.info({ settings: redacted(settings), cores: availableParallelism() }, 'starting')
  for (const { path, message, hint } of ignored) log.warn({ variable: path, hint }, `the environment variable ${path} ${message}`)
  const wanted = roleNames.filter((known) => settings.roles.includes(known))
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  boundedLabels(metrics, settings.metrics)
  const readiness = new GatewayReadiness(wanted)
  const tell = (why: string | undefined): void => readiness.waiting(why)
  const addresses: Record<string, string> = {}
  const { kafka } = settings
  // Whoever waits for servers says so; whoever is refused its data folder by another process says that first.
  if (kafka) addresses.health = await startHealth(settings, { metrics, readiness }, closers)
  const stores = kafka
    ? await openDistributedPorts(settings, closers, { kafka, instance, log, tell, metrics })
    : await openEmbeddedPorts(settings, closers, { instance, log, metrics })
  if (!kafka) addresses.health = await startHealth(settings, { metrics, readiness }, closers)
  const bus = meteredBus(stores.bus, metrics)
  const policy = await followPolicy(bus, log)
  closers.push('policy', () => policy.stop())
  const logLevel = await followLogLevel(bus, { levels, log, clock: systemClock })
  closers.push('log level', () => logLevel.stop())
  tell('the tables of the bus')
  await policy.loaded
  tell(undefined)
  const { tracing, trace } = await openTracing(settings, stores, closers)
  const watch = await watchRoles({ bus, log, instance }, metrics, closers)
  readiness.surroundedBy({ presence: watch.presence, policy, troubles: stores.troubles })
  const ports: RolePorts = {
    bus: trace(watch.bus),
    policy,
    signer: stores.signer,
    events: eventStream(bus, { durable: stores.durableEvents }),
    secrets: secretFiles(settings.secrets),
    clock: systemClock,
    log,
    metrics,
    instance,
    presence: watch.presence,
    tracing,
  }
  const waiting = { mayComeFromOthers: kafka !== undefined, waitMs: settings.policyWaitMs, file: policyPath(settings), log, tell }
  const hand = new Hand()
  for (const name of wanted) {
    // The console comes first, and writes it.
    if (name !== 'console') await firstPolicy(policy, waiting)
    const ownPorts = { ...ports, log: log.child({ role: name }) }
    const role = await roleStarters[name]({ ports: ownPorts, stores, settings, closers, hand })
    readiness.started(name, role)
    closers.push(name, () => role.stop())
    Object.assign(addresses, role.addresses)
  }
  return {
    addresses,
    toggleDebug: () => log.warn({ to: levels.toggleDebug() }, 'the level of the log was changed by a signal'),
    async stop() {
      readiness.stopping()
      log.info('stopping')
      for (const { name, error } of await closers.closeAll()) log.error({ err: error, name }, 'could not be stopped cleanly')
    },
  }
}

/** Resolves with host:port. */
async function startHealth(
  settings: GatewaySettings,
  { metrics, readiness }: { readonly metrics: Registry; readonly readiness: GatewayReadiness },
  closers: Closers,
): Promise<string> {
  const { host, port } = hostAndPort(settings.health.listen, 'health.listen')
  const health = await serveHealth({ host, port, metrics, isAlive: () => true, readiness: () => readiness.byRole() })
  closers.push('health', () => health.stop())
  return health.address
}
