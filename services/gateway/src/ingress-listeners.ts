/** `smtp.listen` as people write it, made into listeners; what cannot work is told with its place and what to do. */
import { SallyportError } from '@sallyport/contracts'
import type { IngressSettings } from '@sallyport/ingress'
import { type ConfigurationFault, faultLine, isTree } from '@sallyport/runtime'
import { hostAndPortForm, parseHostAndPort } from './host-and-port.ts'
import type { GatewaySettings } from './settings.ts'

type Listener = IngressSettings['listeners'][number]
type Tree = Readonly<Record<string, unknown>>

/** Fails with CONFIG_INVALID, naming every fault. */
export function ingressListeners(smtp: GatewaySettings['smtp']): readonly Listener[] {
  const { listeners, faults } = readListeners(smtp)
  if (faults.length === 0) return listeners
  throw new SallyportError('CONFIG_INVALID', faults.map(faultLine).join('\n'))
}

export interface ReadListeners {
  readonly listeners: readonly Listener[]
  readonly faults: readonly ConfigurationFault[]
}

/**
 * Without `smtp.tls` a listener offers no TLS; a plain entry requires PROXY nowhere. `smtp` may be what the sources say: what does not fit
 * the schema is left out, and told by others.
 */
export function readListeners(smtp: Tree): ReadListeners {
  const listeners: Listener[] = []
  const faults: ConfigurationFault[] = []
  for (const { path, entry } of entriesOf(smtp.listen)) {
    const written = isTree(entry) ? entry : { address: entry }
    const { address, proxy = false } = written
    if (typeof address !== 'string') continue
    const place = parseHostAndPort(address)
    if (!place) {
      const message = `"${address}" is not host:port`
      faults.push({ path: entry === written ? `${path}.address` : path, message, hint: hostAndPortForm })
    }
    const tls = tlsOf(written.tls, smtp)
    if (tls !== 'off' && smtp.tls === undefined) {
      const hint = 'give smtp.tls.certificate and smtp.tls.key'
      faults.push({ path: `${path}.tls`, message: `is ${tls}, but there is no certificate`, hint })
    }
    if (proxy === true && smtp.proxy === undefined) {
      const hint = 'name the load balancers in smtp.proxy.networks'
      faults.push({ path: `${path}.proxy`, message: 'requires PROXY headers, but nobody may send them', hint })
    }
    if (place) listeners.push({ ...place, tls, proxy: proxy === true })
  }
  return { listeners, faults }
}

interface Entry {
  readonly path: string
  readonly entry: unknown
}

function entriesOf(listen: unknown): readonly Entry[] {
  if (typeof listen === 'string') return listen.split(',').map((text) => ({ path: 'smtp.listen', entry: text.trim() }))
  return Array.isArray(listen) ? listen.map((entry: unknown, at) => ({ path: `smtp.listen.${at}`, entry })) : []
}

function tlsOf(written: unknown, { tls }: Tree): Listener['tls'] {
  if (written === 'implicit' || written === 'starttls' || written === 'off') return written
  return tls === undefined ? 'off' : 'starttls'
}
