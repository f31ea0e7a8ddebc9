/** How each role is started on the embedded ports: the one place that knows both. */
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { startAddressCheck } from '@sallyport/address-check'
import { startConsole } from '@sallyport/console'
import { SallyportError } from '@sallyport/contracts'
import { startDelivery } from '@sallyport/delivery'
import { startDomainCheck } from '@sallyport/domain-check'
import { startIngress, type TlsTexts } from '@sallyport/ingress'
import { openThreadedRecords } from '@sallyport/records'
import type { RolePorts, RunningRole } from '@sallyport/runtime'
import { startSpamScoring } from '@sallyport/spam-scoring'
import { startThrottle } from '@sallyport/throttle'
import { startVerdict } from '@sallyport/verdict'
import type { Closers } from './closers.ts'
import { type EmbeddedPorts, makeFolder } from './embedded-ports.ts'
import { hostAndPort } from './host-and-port.ts'
import { ingressListeners } from './ingress-listeners.ts'
import { defaultMinFreeBytes } from './min-free-bytes.ts'
import type { GatewaySettings, RoleName } from './settings.ts'

export interface StartedRole extends RunningRole {
  readonly addresses?: Readonly<Record<string, string>>
}

export interface Hall {
  readonly ports: RolePorts
  readonly embedded: EmbeddedPorts
  readonly settings: GatewaySettings
  readonly closers: Closers
}

const samplePolicy = join(import.meta.dirname, '../../../deploy/sample/policy.yaml')

/**
 * Content that travels inline. A record in the log of this machine costs less than a file with its folder synced, read back and
 * deleted: at 100 KiB by half.
 */
const embeddedInlineBytes = 190 * 1024

export const policyPath = (settings: GatewaySettings): string => settings.policy ?? samplePolicy

/** A checker is one line here. */
export const roleStarters: Readonly<Record<RoleName, (hall: Hall) => Promise<StartedRole>>> = {
  console: startConsoleRole,
  'domain-check': ({ ports }) => startDomainCheck(ports),
  'address-check': ({ ports, settings }) => startAddressCheck(ports, { directoryFolder: dirname(policyPath(settings)) }),
  'spam-scoring': ({ ports, embedded, settings }) =>
    startSpamScoring({ ...ports, content: embedded.content }, settings.spamScoring),
  throttle: ({ ports, embedded }) => startThrottle({ ...ports, limiter: embedded.limiter }),
  verdict: ({ ports, embedded, settings }) =>
    startVerdict(
      { ...ports, replies: embedded.replies, content: embedded.content, ledger: embedded.ledger },
      { ...settings.verdict, budgetMs: settings.smtp.budgetMs },
    ),
  delivery: ({ ports, embedded, settings }) =>
    startDelivery(
      { ...ports, content: embedded.content, ledger: embedded.ledger },
      { ...settings.delivery, hostname: settings.smtp.hostname ?? hostname(), data: settings.data },
    ),
  ingress: startIngressRole,
}

async function startConsoleRole({ ports, settings, closers }: Hall): Promise<StartedRole> {
  await makeFolder(join(settings.data, 'records'))
  const records = await openThreadedRecords({ path: join(settings.data, 'records', 'records.sqlite') })
  closers.push('records', () => records.close())
  return startConsole(
    { ...ports, records },
    {
      ...hostAndPort(settings.console.listen, 'console.listen'),
      data: settings.data,
      policyFile: policyPath(settings),
      policySource: settings.policySource,
      ...(settings.console.token === undefined ? {} : { token: settings.console.token }),
    },
  )
}

async function startIngressRole({ ports, embedded, settings }: Hall): Promise<StartedRole> {
  const { smtp } = settings
  const { tls } = smtp
  return startIngress(
    { ...ports, content: embedded.content, replies: embedded.replies },
    {
      listeners: ingressListeners(smtp),
      tls: tls && readTls(tls),
      readTls: tls && (() => readTls(tls)),
      proxyNetworks: smtp.proxy?.networks ?? [],
      hostname: smtp.hostname ?? hostname(),
      maxConnections: smtp.maxConnections,
      maxConnectionsPerClient: smtp.maxConnectionsPerClient,
      maxMessageBytes: smtp.maxMessageBytes,
      maxInlineBytes: embeddedInlineBytes,
      maxUnsettled: smtp.maxUnsettled,
      budgetMs: smtp.budgetMs,
      idleMs: smtp.idleMs,
      tlsHandshakeMs: smtp.tlsHandshakeMs,
      drainMs: smtp.drainMs,
      bareLineEnds: smtp.bareLineEnds,
      minFreeBytes: settings.minFreeBytes ?? (await defaultMinFreeBytes(settings.data)),
    },
  )
}

const readTls = ({ certificate, key, clientCa }: NonNullable<GatewaySettings['smtp']['tls']>): TlsTexts => ({
  certificate: readText(certificate, 'smtp.tls.certificate'),
  key: readText(key, 'smtp.tls.key'),
  clientCa: clientCa === undefined ? undefined : readText(clientCa, 'smtp.tls.clientCa'),
})

function readText(path: string, setting: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new SallyportError('CONFIG_INVALID', `${setting}: ${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}
