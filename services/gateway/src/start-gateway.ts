/** The composition root: opens the ports, starts the roles on them in order, and stops everything in the opposite one. */
import { availableParallelism } from 'node:os'
import { SallyportError } from '@sallyport/contracts'
import { eventStream, followPolicy, type RolePorts, redacted, secretFiles, serveHealth, systemClock } from '@sallyport/runtime'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { Closers } from './closers.ts'
import { openEmbeddedPorts } from './embedded-ports.ts'
import { GatewayReadiness } from './gateway-readiness.ts'
import { hostAndPort } from './host-and-port.ts'
import { policyPath, roleStarters } from './role-starters.ts'
import { type GatewaySettings, roleNames } from './settings.ts'
import { watchRoles } from './watch-roles.ts'

export interface Gateway {
  /** By name (smtp, console, health): host:port, several with commas. */
  readonly addresses: Readonly<Record<string, string>>
  /** Drains: takes nothing new, finishes what is in flight, flushes, closes. */
  stop(): Promise<void>
}

/** Starts what `settings` say. Fails with an error whose message says what to do; nothing is left running then. */
export async function startGateway(settings: GatewaySettings): Promise<Gateway> {
  const closers = new Closers()
  try {
    return await start(settings, closers)
  } catch (error) {
    await closers.closeAll()
    throw error
  }
}

const noPolicy = (path: string): SallyportError =>
  new SallyportError('POLICY_INVALID', `there is no policy yet: start once with the role console, which reads ${path}`)

async function start(settings: GatewaySettings, closers: Closers): Promise<Gateway> {
  const stores = await openEmbeddedPorts(settings, closers)
  const { bus, log } = stores
  log.info({ settings: redacted(settings), cores: availableParallelism() }, 'starting')
  const policy = await followPolicy(bus, log)
  closers.push('policy', () => policy.stop())
  await policy.loaded
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  const watch = await watchRoles(stores, metrics, closers)
  const ports: RolePorts = {
    bus: watch.bus,
    policy,
    signer: stores.signer,
    events: eventStream(bus, { durable: stores.durableEvents }),
    secrets: secretFiles(settings.secrets),
    clock: systemClock,
    log,
    metrics,
    instance: stores.instance,
    presence: watch.presence,
  }
  const wanted = roleNames.filter((known) => settings.roles.includes(known))
  const readiness = new GatewayReadiness(wanted, { presence: watch.presence, policy })
  const addresses: Record<string, string> = {}
  const { host, port } = hostAndPort(settings.health.listen, 'health.listen')
  const health = await serveHealth({
    host,
    port,
    metrics,
    isAlive: () => true,
    readiness: () => readiness.byRole(),
  })
  closers.push('health', () => health.stop())
  for (const name of wanted) {
    const role = await roleStarters[name]({ ports, stores, settings, closers })
    readiness.started(name, role)
    closers.push(name, () => role.stop())
    Object.assign(addresses, role.addresses)
    if (name !== 'console' && !policy.isLoaded()) throw noPolicy(policyPath(settings))
  }
  addresses.health = health.address
  return {
    addresses,
    async stop() {
      readiness.stopping()
      log.info('stopping')
      for (const { name, error } of await closers.closeAll()) log.error({ err: error, name }, 'could not be stopped cleanly')
    },
  }
}
