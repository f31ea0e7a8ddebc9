/** What a TLS session says of its client. */
import type { TLSSocket } from 'node:tls'

export interface ClientCertificate {
  /** SHA-256, lower-case hex. */
  readonly fingerprint: string
  /** DNS names of its subjectAltName, in lower case. */
  readonly names: readonly string[]
}

/** The client's certificate, if it has one that our CA signed. Any other counts as none. */
export function clientCertificate(socket: TLSSocket): ClientCertificate | undefined {
  if (!socket.authorized) return undefined
  const x509 = socket.getPeerX509Certificate()
  if (x509 === undefined) return undefined
  const names = [...(x509.subjectAltName ?? '').matchAll(/(?:^|, )DNS:([A-Za-z0-9.*_-]+)(?=,|$)/g)].map(([, name = '']) =>
    name.toLowerCase(),
  )
  return { fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(), names }
}

/** Protocol and cipher, as `TLSv1.3 TLS_AES_256_GCM_SHA384`. */
export const tlsText = (socket: TLSSocket): string => `${socket.getProtocol() ?? 'TLS'} ${socket.getCipher()?.name ?? ''}`.trim()
