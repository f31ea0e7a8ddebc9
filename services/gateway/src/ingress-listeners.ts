/** `smtp.listen` as people write it, made into listeners; a combination that cannot work is refused. */
import { SallyportError } from '@sallyport/contracts'
import type { IngressSettings } from '@sallyport/ingress'
import { hostAndPort } from './host-and-port.ts'
import type { GatewaySettings } from './settings.ts'

type Listener = IngressSettings['listeners'][number]

/** Fails with CONFIG_INVALID. Without `smtp.tls` a listener offers no TLS; a plain entry requires PROXY nowhere. */
export function ingressListeners(smtp: GatewaySettings['smtp']): readonly Listener[] {
  const entries = typeof smtp.listen === 'string' ? smtp.listen.split(',').map((entry) => entry.trim()) : smtp.listen
  return entries.map((entry) => {
    const { address, tls, proxy = false } = typeof entry === 'string' ? { address: entry } : entry
    if (tls !== undefined && tls !== 'off' && !smtp.tls) {
      throw new SallyportError(
        'CONFIG_INVALID',
        `smtp.listen: ${address} asks for tls: ${tls}, but smtp.tls names no certificate and key`,
      )
    }
    if (proxy && !smtp.proxy) {
      throw new SallyportError(
        'CONFIG_INVALID',
        `smtp.listen: ${address} requires PROXY headers, but smtp.proxy.networks names nobody who may send them`,
      )
    }
    return { ...hostAndPort(address, 'smtp.listen'), tls: tls ?? (smtp.tls ? 'starttls' : 'off'), proxy }
  })
}
