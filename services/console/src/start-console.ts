/** The console role: keeps what roles say about messages, answers the API, and is the only writer of the policy. */
import type { AddressInfo } from 'node:net'
import type { ContentStore } from '@sallyport/content'
import { type MailEvent, SallyportError } from '@sallyport/contracts'
import type { Ledger } from '@sallyport/ledger'
import type { Limiter } from '@sallyport/limiter'
import type { LateRecords } from '@sallyport/records'
import { listenError, type Readiness, type RolePorts, type RunningRole } from '@sallyport/runtime'
import type { FastifyInstance } from 'fastify'
import { Gauge } from 'prom-client'
import { Value } from 'typebox/value'
import { createApi } from './api/server.ts'
import { openAuditLog } from './audit-log.ts'
import { auditedPublisher } from './audited-publisher.ts'
import { buryDeadRows } from './dead-rows.ts'
import { startIntakeWhenReached } from './late-intake.ts'
import { liveView } from './live/live-view.ts'
import { openLogLevelBook } from './log-level.ts'
import { type OwnerBook, openOwnerBook } from './owners/owner-book.ts'
import { ownerEvents } from './owners/owner-events.ts'
import { ownerNotices } from './owners/owner-notices.ts'
import { builtPage, readPageFiles } from './page/page-files.ts'
import { pageRoutes } from './page/page-routes.ts'
import { seedPolicyFromFile, watchPolicyFile } from './policy-file.ts'
import { createPolicyPublisher, type PolicyPublisher } from './policy-publisher.ts'
import { followQuarantine } from './quarantine-view.ts'
import { openOrderBook } from './queue/order-book.ts'
import { followQueue } from './queue/queue-view.ts'
import { type ConsoleSettings, consoleSettingsSchema } from './settings.ts'
import { readTokens } from './tokens.ts'

export interface ConsolePorts extends RolePorts {
  readonly records: LateRecords
  readonly content: ContentStore
  readonly ledger: Pick<Ledger, 'entries' | 'wasSplit'>
  /** The buckets of the throttle, to look at. */
  readonly limiter: Pick<Limiter, 'fill'>
}

export interface RunningConsole extends RunningRole {
  /** host:port of the API. */
  readonly addresses: { readonly console: string }
}

const pruneEveryMs = 3_600_000

/**
 * Resolves when the API answers and the policy file has been applied as `policySource` says. Fails with POLICY_INVALID (an empty
 * gateway, and the file has faults), PORT_IN_USE, SECRET_MISSING or DATA_FOLDER_UNUSABLE; nothing is left running then. `records`
 * stay the caller's to close.
 */
export async function startConsole(
  ports: ConsolePorts,
  settings: Partial<ConsoleSettings> & Pick<ConsoleSettings, 'data'>,
): Promise<RunningConsole> {
  const filled = Value.Parse(consoleSettingsSchema, Value.Default(consoleSettingsSchema, { ...settings }))
  const running: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (let next = running.pop(); next; next = running.pop()) {
      await next().catch((err: unknown) => ports.log.error({ err }, 'a part of the console did not stop cleanly'))
    }
  }
  try {
    const address = await start(ports, filled, running)
    return { name: 'console', addresses: { console: address }, readiness: () => readiness(ports.records), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Without the records it still answers for the policy, the quarantine and the queue. */
function readiness({ trouble }: Pick<LateRecords, 'trouble'>): Readiness {
  const why = trouble?.()
  const warnings = why === undefined ? [] : [`the records cannot be asked, traces are late, mail is not: ${why}`]
  return { ready: true, waitingFor: [], ...(why === undefined ? {} : { warnings }) }
}

async function start(ports: ConsolePorts, settings: ConsoleSettings, running: (() => Promise<void>)[]): Promise<string> {
  const { bus, log, metrics, records, content, ledger, limiter } = ports
  const callerOf = await readTokens(settings, ports.secrets)
  const audit = await openAuditLog(ports)
  running.push(() => audit.stop())
  const published = await createPolicyPublisher(ports)
  running.push(() => published.stop())
  const publisher = auditedPublisher(published, audit)
  const source = await applyPolicySource(publisher, settings, log)
  running.push(source)
  const quarantine = await followQuarantine(bus, log)
  running.push(() => quarantine.stop())
  running.push(await buryDeadRows(ports))
  new Gauge({
    name: 'sallyport_console_held_messages',
    help: 'Messages in quarantine',
    registers: [metrics],
    collect() {
      this.set(quarantine.size)
    },
  })
  const orders = await openOrderBook(ports)
  running.push(() => orders.stop())
  const logLevel = await openLogLevelBook(ports)
  running.push(() => logLevel.stop())
  const queue = followQueue(ports)
  const live = liveView(ports.clock)
  const onStored = (event: MailEvent): void => {
    queue.see(event)
    live.see(event)
  }
  const book = await openOwnerBook(bus, log)
  running.push(() => book.stop())
  const keep = ownerEvents(book, ports)
  const intake = await startIntakeWhenReached({ ...ports, keep, onStored }, settings)
  running.push(() => intake.stop())
  running.push(startOwnerNotices(ports, book, settings))
  const pruning = setInterval(() => {
    const keeping = { messagesMs: settings.keepMs, rollupsMs: settings.keepRollupsMs }
    records.prune(keeping).catch((err: unknown) => log.warn({ err }, 'old traces could not be pruned'))
  }, pruneEveryMs)
  running.push(async () => clearInterval(pruning))
  const { policySource, policyFile, publicUrl, tracesUrl } = settings
  const api = { ports, records, content, ledger, limiter, publisher, quarantine, queue, orders, audit, live, logLevel }
  const app = createApi(api, { callerOf, policySource, policyFile, publicUrl, tracesUrl })
  pageRoutes(app, await readPageFiles(builtPage))
  running.push(() => app.close())
  return listen(app, settings.host, settings.port)
}

/** Returns what ends it. */
function startOwnerNotices(ports: ConsolePorts, book: OwnerBook, settings: ConsoleSettings): () => Promise<void> {
  const { publicUrl, digestEveryMs, digestHour, ownersTickMs } = settings
  const notices = ownerNotices({ ports, records: ports.records, book, publicUrl, digestEveryMs, digestHour })
  let ticking: Promise<void> | undefined
  const timer = setInterval(() => {
    ticking ??= notices.tick().finally(() => {
      ticking = undefined
    })
  }, ownersTickMs)
  return async () => {
    clearInterval(timer)
    await ticking
  }
}

async function applyPolicySource(
  publisher: PolicyPublisher,
  { policySource, policyFile, policyFilePollMs }: ConsoleSettings,
  log: RolePorts['log'],
): Promise<() => Promise<void>> {
  if (policySource === 'file') {
    if (policyFile === undefined) {
      throw new SallyportError('CONFIG_INVALID', 'policySource is "file", but no file is named: set "policy" to its path')
    }
    const watch = await watchPolicyFile(publisher, policyFile, { pollMs: policyFilePollMs, log })
    return () => watch.stop()
  }
  if (policyFile !== undefined) await seedPolicyFromFile(publisher, policyFile, log)
  return async () => {}
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, host, port, 'console.listen')
  }
  const { address, port: actual } = app.server.address() as AddressInfo
  return address.includes(':') ? `[${address}]:${actual}` : `${address}:${actual}`
}
