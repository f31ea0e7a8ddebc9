/** The ingress role: listens, takes mail of registered applications, and drains when it is stopped. */
import type { AddressInfo } from 'node:net'
import type { ContentStore } from '@sallyport/content'
import { RenewedSet, SallyportError, topics } from '@sallyport/contracts'
import type { ReplyChannel } from '@sallyport/replies'
import { Hand, listenError, type Readiness, type RolePorts, type RunningRole } from '@sallyport/runtime'
import { Authenticator } from './auth/authenticator.ts'
import { FailedLogins } from './auth/failed-logins.ts'
import { Background } from './background.ts'
import { ContentMemory } from './content/content-memory.ts'
import type { IngressRoom } from './ingress-room.ts'
import { Backpressure } from './limits/backpressure.ts'
import { ConnectionsPerClient } from './limits/connections-per-client.ts'
import { Delays } from './limits/delays.ts'
import { FairPace, threadUtilization } from './limits/fair-pace.ts'
import { watchFreeDisk } from './limits/free-disk.ts'
import { InFlow } from './limits/in-flow.ts'
import { RefusalPace } from './limits/refusal-pace.ts'
import { followSuspensions } from './limits/suspensions.ts'
import { ThrottleDoor } from './limits/throttle-door.ts'
import { UnsettledSlots } from './limits/unsettled-slots.ts'
import { ingressMetrics } from './metrics.ts'
import { networks } from './proxy/networks.ts'
import { type IngressSettings, type ListenerSettings, withDefaults } from './settings.ts'
import { Desk } from './settle/desk.ts'
import { WaitingVerdicts } from './settle/waiting-verdicts.ts'
import { currentPolicy } from './smtp/current-policy.ts'
import type { IngressConnection } from './smtp/ingress-connection.ts'
import { IngressServer } from './smtp/ingress-server.ts'
import { tlsRenewal } from './smtp/renew-tls.ts'
import { stopIngress } from './stop-ingress.ts'

export type IngressPorts = RolePorts & {
  readonly content: ContentStore
  readonly replies: ReplyChannel
  /** Told of every message with an enforced check that was not accepted: a throttle that reserved for it can take that back. */
  readonly refund?: ((messageId: string) => void) | undefined
  /** Messages that delivery has taken and neither sent nor put down, where it is a role of this process. */
  readonly hand?: Hand | undefined
  /** Where the refusal of a message is explained to whoever made the program that sent it. Absent: nowhere. */
  readonly explanationLink?: ((messageId: string) => string) | undefined
}
/** `addresses.smtp`: host:port of each listener, in their order, joined by commas. */
export type RunningIngress = RunningRole & { readonly addresses: { readonly smtp: string } }

/** Fails with PORT_IN_USE or CONFIG_INVALID; nothing is left running then. */
export async function startIngress(ports: IngressPorts, given: IngressSettings): Promise<RunningIngress> {
  const settings = withDefaults(given)
  const proxyNetworks = networks(settings.proxyNetworks, 'smtp.proxy.networks')
  const { log } = ports
  const elapsed = (): number => ports.clock.elapsed()
  const waiting = new WaitingVerdicts(settings.budgetMs, elapsed)
  const slots = new UnsettledSlots({ maxInAll: settings.maxUnsettled, waitMs: settings.unsettledWaitMs, elapsed })
  const connections = new RenewedSet<IngressConnection>()
  const contentMemory = new ContentMemory(settings.maxContentMemoryBytes)
  const backpressure = new Backpressure({ bus: ports.bus, log, limits: settings, measureMs: settings.queueMeasureMs, elapsed })
  const delays = new Delays(elapsed)
  const throttleDoor = new ThrottleDoor(ports.clock)
  const { paceAbove, maxDelayMs: maxMs } = settings
  const utilization = threadUtilization(elapsed)
  const fairPace = new FairPace({ elapsed, paceAbove, maxMs })
  const inFlow = new InFlow({
    hand: ports.hand ?? new Hand(),
    share: (application) => fairPace.share(application),
    paceAbove,
    sleep: (ms) => delays.precisely(ms),
  })
  const metrics = ingressMetrics(ports.metrics, {
    connections: () => connections.size,
    unsettled: () => slots.inAll,
    queued: () => backpressure.queued,
    inFlightBytes: () => backpressure.inFlightBytes,
    contentBytes: () => contentMemory.bytes,
  })
  const background = new Background((what, error) => {
    metrics.failures.inc({ what })
    log.warn({ err: error, what }, 'something failed that no client waits for')
  })
  const channel = await ports.replies.listen((reply) => void waiting.reply(reply))
  const disk = await watchFreeDisk(ports.content, {
    minFreeBytes: settings.minFreeBytes,
    checkMs: settings.freeBytesCheckMs,
    onChange: (isLow, freeBytes) =>
      log[isLow ? 'error' : 'info'](
        { freeBytes, minFreeBytes: settings.minFreeBytes },
        isLow ? 'the disk is nearly full: no mail is accepted' : 'the disk has room again',
      ),
  })
  const suspensions = await followSuspensions(ports.bus, log)
  const rolePorts: RolePorts = { ...ports, bus: backpressure.bus, log }
  const room: IngressRoom = {
    ports: rolePorts,
    content: ports.content,
    contentMemory,
    settings,
    desk: new Desk({
      ports: rolePorts,
      content: ports.content,
      waiting,
      channel: channel.channel,
      budgetMs: settings.budgetMs,
      background,
      throttleDoor,
      refund: ports.refund,
      explanationLink: ports.explanationLink,
    }),
    slots,
    disk,
    backpressure,
    delays,
    fairPace,
    inFlow,
    refusalPace: new RefusalPace(elapsed, settings.maxDelayMs),
    throttleDoor,
    suspensions,
    metrics,
    authenticator: new Authenticator(
      rolePorts,
      new FailedLogins({ max: settings.maxFailedLogins, refillMs: settings.failedLoginRefillMs }, ports.clock),
    ),
    background,
    proxyNetworks,
    connections,
    perClient: new ConnectionsPerClient(),
    partitions: ports.bus.partitions(topics.annotations.name),
    isDraining: false,
  }
  backpressure.start()
  const ticker = setInterval(() => {
    waiting.tick()
    slots.tick()
    delays.tick()
    const used = utilization()
    fairPace.tick(used)
    inFlow.tick(used)
  }, settings.tickMs)
  const servers: IngressServer[] = []
  const watches = watch(room, servers)
  const closeAll = async (): Promise<void> => {
    await stopIngress(room, servers, waiting)
    clearInterval(ticker)
    for (const timer of watches) clearInterval(timer)
    disk.stop()
    backpressure.stop()
    await suspensions.stop()
    await channel.stop()
    await background.idle()
  }
  try {
    for (const listener of settings.listeners) servers.push(await listen(room, listener))
  } catch (error) {
    await closeAll()
    throw error
  }
  const smtp = servers.map((server) => addressOf(server)).join(',')
  log.info({ smtp }, 'ingress listens')
  let stopped: Promise<void> | undefined
  return {
    name: 'ingress',
    addresses: { smtp },
    readiness: () => readiness(room),
    stop() {
      stopped ??= closeAll().catch((error) => log.error({ err: error }, 'ingress did not stop cleanly'))
      return stopped
    },
  }
}

/** What is looked at now and then, in all connections at once rather than by a timer of each. */
function watch(room: IngressRoom, servers: readonly IngressServer[]): NodeJS.Timeout[] {
  const { settings, ports, connections } = room
  const checkTurns = (): void => {
    const now = ports.clock.elapsed()
    for (const connection of connections) connection.checkTurn(now)
  }
  const watches = [setInterval(checkTurns, Math.min(1_000, settings.idleMs / 4))]
  if (settings.tls && settings.readTls) {
    const renewal = tlsRenewal(servers, settings.tls, settings.readTls, ports.log)
    watches.push(setInterval(() => renewal.look(), settings.tlsCheckMs))
  }
  return watches
}

async function listen(room: IngressRoom, listener: ListenerSettings): Promise<IngressServer> {
  const { host, port } = listener
  const server = makeServer(room, listener)
  return await new Promise((resolve, reject) => {
    server.once('error', (error: Error) => reject(listenError(error, host, port, 'smtp.listen')))
    server.listen(port, host, () => resolve(server))
  })
}

/** smtp-server would fall back to a certificate whose key is published. */
function makeServer(room: IngressRoom, listener: ListenerSettings): IngressServer {
  if (listener.tls !== 'off' && room.settings.tls === undefined) {
    throw new SallyportError(
      'CONFIG_INVALID',
      `${listener.host}:${listener.port} has tls: ${listener.tls}: give smtp.tls.certificate and smtp.tls.key`,
    )
  }
  try {
    return new IngressServer(room, listener)
  } catch (cause) {
    throw new SallyportError(
      'CONFIG_INVALID',
      `smtp.tls: ${cause instanceof Error ? cause.message : cause}: give PEM files that fit together`,
      { cause },
    )
  }
}

function addressOf({ server }: IngressServer): string {
  const { address, port } = server.address() as AddressInfo
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function readiness(room: IngressRoom): Readiness {
  const waitingFor: string[] = []
  if (room.isDraining) waitingFor.push('it is shutting down')
  if (room.disk.isLow) waitingFor.push('free disk space')
  if (!currentPolicy(room)) waitingFor.push('a policy')
  const warnings = room.backpressure.warnings()
  return { ready: waitingFor.length === 0, waitingFor, ...(warnings.length === 0 ? {} : { warnings }) }
}
