/** Takes certificates that were renewed on disk: handshakes from then on show the new one, and nothing is restarted. */
import { createSecureContext } from 'node:tls'
import type { RolePorts } from '@sallyport/runtime'
import type { TlsTexts } from '../settings.ts'
import type { IngressServer } from './ingress-server.ts'

export interface TlsRenewal {
  /** Reads again. A certificate that cannot be read, or does not fit its key, is logged and the old one stays. */
  look(): void
}

export function tlsRenewal(
  servers: readonly Pick<IngressServer, 'updateSecureContext'>[],
  first: TlsTexts,
  read: () => TlsTexts,
  log: RolePorts['log'],
): TlsRenewal {
  let current = first
  return {
    look() {
      try {
        const { certificate, key, clientCa } = read()
        if (certificate === current.certificate && key === current.key && clientCa === current.clientCa) return
        const options = { cert: certificate, key, ...(clientCa === undefined ? {} : { ca: clientCa }) }
        // smtp-server forgets the old one before it looks at the new one.
        createSecureContext(options)
        for (const server of servers) server.updateSecureContext(options)
        current = { certificate, key, clientCa }
        log.info('the TLS certificate was renewed')
      } catch (error) {
        log.error({ err: error }, 'smtp.tls changed, but cannot be used: the certificate stays as it was')
      }
    },
  }
}
