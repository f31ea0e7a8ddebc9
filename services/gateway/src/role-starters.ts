/** How each role is started on the ports of this process: the one place that knows both. */
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { startAddressCheck } from '@sallyport/address-check'
import { startConsole } from '@sallyport/console'
import { startDelivery } from '@sallyport/delivery'
import { startDomainCheck } from '@sallyport/domain-check'
import { startIngress } from '@sallyport/ingress'
import { databaseCalls, explanationLink, explanationTokens, type Hand, type RolePorts, type RunningRole } from '@sallyport/runtime'
import { startSpamScoring } from '@sallyport/spam-scoring'
import { startThrottle } from '@sallyport/throttle'
import { startVerdict } from '@sallyport/verdict'
import type { Closers } from './closers.ts'
import { makeFolder } from './embedded-ports.ts'
import { hostAndPort } from './host-and-port.ts'
import { ingressListeners } from './ingress-listeners.ts'
import { type GatewayPorts, opened } from './ports.ts'
import { openRecords } from './records-settings.ts'
import type { RoleName } from './role-names.ts'
import type { GatewaySettings } from './settings.ts'
import { readTls } from './tls-files.ts'

export interface StartedRole extends RunningRole {
  readonly addresses?: Readonly<Record<string, string>>
}

export interface Hall {
  readonly ports: RolePorts
  readonly stores: GatewayPorts
  readonly settings: GatewaySettings
  readonly closers: Closers
  /** What delivery has in hand, nothing while it is no role of this process. */
  readonly hand: Hand
}

const samplePolicy = join(import.meta.dirname, '../../../deploy/sample/policy.yaml')

export const policyPath = (settings: GatewaySettings): string => settings.policy ?? samplePolicy

/** A checker is one line here. */
export const roleStarters: Readonly<Record<RoleName, (hall: Hall) => Promise<StartedRole>>> = {
  console: startConsoleRole,
  'domain-check': ({ ports }) => startDomainCheck(ports),
  'address-check': ({ ports, settings }) => startAddressCheck(ports, { directoryFolder: dirname(policyPath(settings)) }),
  'spam-scoring': ({ ports, stores, settings }) =>
    startSpamScoring({ ...ports, content: opened(stores.content) }, settings.spamScoring),
  throttle: ({ ports, stores }) => startThrottle({ ...ports, limiter: opened(stores.limiter) }),
  verdict: ({ ports, stores, settings }) =>
    startVerdict(
      { ...ports, replies: opened(stores.replies), ledger: opened(stores.ledger) },
      { ...settings.verdict, budgetMs: settings.smtp.budgetMs },
    ),
  delivery: ({ ports, stores, settings, hand }) =>
    startDelivery(
      { ...ports, content: opened(stores.content), ledger: opened(stores.ledger), hand },
      { ...settings.delivery, hostname: settings.smtp.hostname ?? hostname(), data: settings.data },
    ),
  ingress: startIngressRole,
}

async function startConsoleRole({ ports, stores, settings, closers }: Hall): Promise<StartedRole> {
  const records = await openRecords(settings.records, {
    secrets: ports.secrets,
    log: ports.log,
    onQuery: databaseCalls(ports.metrics),
    async sqlitePath() {
      await makeFolder(join(settings.data, 'records'))
      return join(settings.data, 'records', 'records.sqlite')
    },
  })
  closers.push('records', () => records.close())
  const { listen, ...consoleSettings } = settings.console
  return startConsole(
    {
      ...ports,
      records,
      content: opened(stores.content),
      ledger: opened(stores.ledger),
      limiter: opened(stores.limiter),
    },
    {
      ...consoleSettings,
      ...hostAndPort(listen, 'console.listen'),
      data: settings.data,
      policyFile: policyPath(settings),
      policySource: settings.policySource,
    },
  )
}

async function startIngressRole({ ports, stores, settings, hand }: Hall): Promise<StartedRole> {
  const { smtp } = settings
  const { tls } = smtp
  const limiter = opened(stores.limiter)
  return startIngress(
    {
      ...ports,
      content: opened(stores.content),
      replies: opened(stores.replies),
      ...explanationLinks(ports, settings),
      hand,
      refund: (id) =>
        void limiter
          .refund(id)
          .catch((err: unknown) => ports.log.warn({ err, id }, 'what the throttle charged for a refused message stays charged')),
    },
    {
      listeners: ingressListeners(smtp),
      tls: tls && readTls(tls),
      readTls: tls && (() => readTls(tls)),
      proxyNetworks: smtp.proxy?.networks ?? [],
      hostname: smtp.hostname ?? hostname(),
      maxConnections: smtp.maxConnections,
      maxConnectionsPerClient: smtp.maxConnectionsPerClient,
      maxMessageBytes: smtp.maxMessageBytes,
      maxInlineBytes: stores.maxInlineBytes,
      maxContentMemoryBytes: smtp.maxContentMemoryBytes,
      maxUnsettled: smtp.maxUnsettled,
      maxQueued: smtp.maxQueued,
      maxDelayMs: smtp.maxDelayMs,
      paceAbove: smtp.paceAbove,
      budgetMs: smtp.budgetMs,
      idleMs: smtp.idleMs,
      tlsHandshakeMs: smtp.tlsHandshakeMs,
      drainMs: smtp.drainMs,
      bareLineEnds: smtp.bareLineEnds,
      minFreeBytes: stores.minFreeBytes,
    },
  )
}

function explanationLinks({ signer }: RolePorts, { console: { publicUrl } }: GatewaySettings) {
  if (publicUrl === undefined) return {}
  const tokens = explanationTokens(signer)
  return { explanationLink: (messageId: string) => explanationLink(publicUrl, tokens.tokenOf(messageId)) }
}
