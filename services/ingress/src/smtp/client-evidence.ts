/** Who the client of a session is, as far as connection, TLS and AUTH prove it. */
import type { TLSSocket } from 'node:tls'
import type { Client } from '@sallyport/contracts'
import type { IngressConnection } from './ingress-connection.ts'

interface ClientCertificate {
  /** SHA-256, lower-case hex. */
  readonly fingerprint: string
  /** DNS names of its subjectAltName, in lower case. */
  readonly names: readonly string[]
}

/** The client's certificate, if it has one that our CA signed. Any other counts as none. */
function clientCertificate(socket: TLSSocket): ClientCertificate | undefined {
  if (!socket.authorized) return undefined
  const x509 = socket.getPeerX509Certificate()
  if (x509 === undefined) return undefined
  const names = [...(x509.subjectAltName ?? '').matchAll(/(?:^|, )DNS:([A-Za-z0-9.*_-]+)(?=,|$)/g)].map(([, name = '']) =>
    name.toLowerCase(),
  )
  return { fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(), names }
}

/** Protocol and cipher, as `TLSv1.3 TLS_AES_256_GCM_SHA384`. */
const tlsText = (socket: TLSSocket): string => `${socket.getProtocol() ?? 'TLS'} ${socket.getCipher()?.name ?? ''}`.trim()

export function clientEvidence(connection: IngressConnection): {
  readonly client: Client
  readonly certificateNames: readonly string[]
} {
  const socket = connection.secure ? (connection._socket as TLSSocket) : undefined
  const certificate = socket === undefined ? undefined : clientCertificate(socket)
  const authIdentity = connection.user
  const client: Client = {
    address: connection.remoteAddress,
    helo: connection.hostNameAppearsAs || '',
    ...(authIdentity === undefined ? {} : { authIdentity }),
    ...(certificate === undefined ? {} : { certificate: certificate.fingerprint }),
    ...(socket === undefined ? {} : { tls: tlsText(socket) }),
  }
  return { client, certificateNames: certificate?.names ?? [] }
}
