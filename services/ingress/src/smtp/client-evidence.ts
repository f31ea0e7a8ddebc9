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

/** The client's certificate, if it has one that our CA signed. Any other counts as none, also a self-signed one whose fingerprint is listed. */
function clientCertificate(socket: TLSSocket): ClientCertificate | undefined {
  if (!socket.authorized) return undefined
  const x509 = socket.getPeerX509Certificate()
  if (x509 === undefined) return undefined
  const names = [...(x509.subjectAltName ?? '').matchAll(/(?:^|, )DNS:([A-Za-z0-9.*_-]+)(?=,|$)/g)].map(([, name = '']) =>
    name.toLowerCase(),
  )
  return { fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(), names }
}

interface TlsEvidence {
  readonly certificate: ClientCertificate | undefined
  /** Protocol and cipher, as `TLSv1.3 TLS_AES_256_GCM_SHA384`. */
  readonly text: string
}

/** A certificate is read once per connection, not at each MAIL. */
const known = new WeakMap<TLSSocket, TlsEvidence>()

function tlsEvidence(socket: TLSSocket): TlsEvidence {
  let evidence = known.get(socket)
  if (evidence === undefined) {
    const text = `${socket.getProtocol() ?? 'TLS'} ${socket.getCipher()?.name ?? ''}`.trim()
    evidence = { certificate: clientCertificate(socket), text }
    known.set(socket, evidence)
  }
  return evidence
}

export function clientEvidence(connection: IngressConnection): {
  readonly client: Client
  readonly certificateNames: readonly string[]
} {
  const tls = connection.secure ? tlsEvidence(connection._socket as TLSSocket) : undefined
  const certificate = tls?.certificate
  const authIdentity = connection.user
  const client: Client = {
    address: connection.remoteAddress,
    helo: connection.hostNameAppearsAs || '',
    ...(authIdentity === undefined ? {} : { authIdentity }),
    ...(certificate === undefined ? {} : { certificate: certificate.fingerprint }),
    ...(tls === undefined ? {} : { tls: tls.text }),
  }
  return { client, certificateNames: certificate?.names ?? [] }
}
