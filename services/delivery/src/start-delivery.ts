/** The delivery role: splits accepted messages, sends them, brings back what was put off, and ends holds. */
import { readFile } from 'node:fs/promises'
import type { Consumer } from '@sallyport/bus'
import type { ContentStore } from '@sallyport/content'
import { commandCodec, decidedCodec, groups, SallyportError, topics } from '@sallyport/contracts'
import type { Ledger } from '@sallyport/ledger'
import type { Hand, RolePorts, RunningRole } from '@sallyport/runtime'
import { attempter, type WindowJob } from './attempt.ts'
import { bounces as makeBounces } from './bounce/bounces.ts'
import { notificationComposer } from './bounce/compose.ts'
import { captureFiles } from './capture.ts'
import { ledgerClaims } from './claims.ts'
import { commandHandler } from './commands.ts'
import { concluder } from './conclude.ts'
import type { DeliverySettings } from './config.ts'
import { contentCleanup } from './content-cleanup.ts'
import { holdEnder } from './end-hold.ts'
import { followHeld } from './held-rows.ts'
import { holder } from './hold.ts'
import { watchHoldExpiry } from './hold-expiry.ts'
import { faultHolder } from './hold-for-fault.ts'
import { deliveryMetrics } from './metrics.ts'
import { smtpClient } from './next-hop/smtp-client.ts'
import { followOrders } from './orders.ts'
import { persistence } from './persist.ts'
import { destinations as makeDestinations } from './routes.ts'
import { type Sending, startSending } from './send.ts'
import { splitter } from './split.ts'
import { startTimer } from './timer.ts'

export type DeliveryPorts = RolePorts & {
  readonly content: ContentStore
  readonly ledger: Ledger
  /** Messages taken over that are neither sent nor put down as jobs. */
  readonly hand?: Hand
}

/** Resolves when the role runs; waits for the first policy before. Fails with CONFIG_INVALID where `tlsCa` cannot be read. */
export async function startDelivery(ports: DeliveryPorts, settings: DeliverySettings): Promise<RunningRole> {
  const { bus, clock, ledger, content, log, hand } = ports
  const stopping = new AbortController()
  const ca = settings.tlsCa === undefined ? undefined : await readCa(settings.tlsCa)
  await firstPolicy(ports)
  const [orders, held] = await Promise.all([followOrders(bus, log), followHeld(bus, log)])
  await Promise.all([orders.loaded, held.loaded])

  let sending: Sending | undefined
  const metrics = deliveryMetrics(ports.metrics, {
    openConnections: () => client.openConnections(),
    heldMessages: () => held.size,
    jobsInWindow: () => sending?.jobs() ?? 0,
  })
  const client = smtpClient({
    hostname: settings.hostname,
    clock,
    secrets: ports.secrets,
    limits: settings.limits,
    idleMs: settings.idleConnectionMs,
    maxAgeMs: settings.connectionAgeMs,
    avoidHopMs: settings.avoidHopMs,
    ...(ca === undefined ? {} : { ca }),
    onHopFailure(hop, reason) {
      metrics.hopFailed()
      log.warn({ hop, reason }, 'a next hop cannot be used now')
    },
  })
  const destinations = makeDestinations(ports.policy, settings.connections)
  const composer = notificationComposer({ hostname: settings.hostname, clock, policy: ports.policy })
  const bounces = makeBounces({ ports, ledger, composer, metrics, verdictWaitMs: settings.verdictWaitMs })
  const hold = holder(ports)
  const endHold = holdEnder({ ports, ledger, content, destinations, bounces })
  const cleanup = contentCleanup({ ports, content, ledger, held, graceMs: settings.contentGraceMs })
  const persist = persistence(log, stopping.signal)
  const claims = ledgerClaims({
    ledger,
    clock,
    log,
    instance: ports.instance,
    claimMs: settings.claimMs,
    onLedgerDown: () => metrics.sentWithoutClaim(),
  })
  const conclude = concluder({
    ports,
    ledger,
    claims,
    bounces,
    cleanup,
    persist,
    schedule: settings,
    delayNoticeMs: settings.delayNoticeMs,
    metrics,
  })
  const holdForFault = faultHolder({ ports, hold, persist, metrics })
  const attempt = attempter({
    ports,
    orders,
    claims,
    destinations,
    client,
    capture: captureFiles(settings.data),
    content,
    conclude,
    holdForFault,
    persist,
    schedule: settings,
    metrics,
    later: (entry: WindowJob, waitMs: number) => sending?.later(entry, waitMs),
  })

  const split = splitter({ ports, ledger, destinations, hold, bounces, schedule: settings, metrics })
  const command = commandHandler(held, endHold, log)
  const splitting: Consumer = await bus.consume({
    group: groups.split,
    topics: [topics.decided.name, topics.commands.name],
    concurrency: settings.splitConcurrency,
    async handle(record) {
      if (record.value === null) return
      if (record.topic === topics.commands.name) return await command(commandCodec.decode(record.value).record)
      const { record: decided, bytes } = decidedCodec.decode(record.value)
      hand?.take()
      try {
        await split(decided, bytes)
      } finally {
        hand?.letGo()
      }
    },
  })
  sending = await startSending({
    ports,
    destinations,
    attempt,
    schedule: settings,
    metrics,
    window: settings.window,
    overflowMs: settings.overflowMs,
    defaultConnections: settings.connections,
    drainMs: settings.drainMs,
  })
  const timer = await startTimer({
    ports,
    destinations,
    holdForFault,
    schedule: settings,
    window: settings.deferredWindow,
    orders,
    tickMs: settings.tickMs,
  })
  const expiry = watchHoldExpiry({ ports, held, endHold, owned: () => splitting.assigned(), sweepMs: settings.sweepMs })
  const ticking = setInterval(() => {
    sending?.tick()
  }, settings.tickMs)
  const cleaning = setInterval(() => void cleanup.byAge(), settings.cleanMs)
  cleaning.unref()

  let stopped: Promise<void> | undefined
  async function stop(): Promise<void> {
    clearInterval(ticking)
    clearInterval(cleaning)
    await expiry.stop()
    await Promise.all([splitting.stop(), timer.stop(), sending?.stop()])
    stopping.abort()
    claims.stop()
    client.stop()
    await cleanup.stop()
    await Promise.all([orders.stop(), held.stop()])
  }

  return {
    name: 'delivery',
    readiness: () => (stopped ? { ready: false, waitingFor: ['the role is stopping'] } : { ready: true, waitingFor: [] }),
    stop() {
      stopped ??= stop().catch((error: unknown) => log.error({ err: error }, 'delivery did not stop cleanly'))
      return stopped
    },
  }
}

async function firstPolicy({ policy, log }: DeliveryPorts): Promise<void> {
  try {
    policy.current()
  } catch {
    log.info('delivery waits for the first policy')
    await new Promise<void>((resolve) => {
      const end = policy.onChange(() => {
        end()
        resolve()
      })
    })
  }
}

async function readCa(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new SallyportError('CONFIG_INVALID', `delivery.tlsCa: ${path} cannot be read: name a PEM file`, { cause })
  }
}
