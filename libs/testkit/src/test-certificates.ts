/** Certificates for tests, valid from 2020 or 2026 for a hundred years, made with openssl by a CA whose key is gone. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface TestCertificate {
  /** PEM. */
  readonly key: string
  readonly cert: string
  /** SHA-256, lower-case hex without colons. */
  readonly fingerprint: string
  /** DNS names. */
  readonly names: readonly string[]
  /** Paths of the PEM files, for configurations that name files. */
  readonly keyPath: string
  readonly certPath: string
}

export interface TestCertificates {
  /** PEM of the CA that signed `server` and `client`. */
  readonly ca: string
  readonly caPath: string
  /** For localhost, 127.0.0.1 and ::1. */
  readonly server: TestCertificate
  /** For billing.example.com, client authentication only. */
  readonly client: TestCertificate
  /** For stranger.example.net, signed by itself. */
  readonly stranger: TestCertificate
  /** For weak.example.net, signed by itself, with RSA of 1024 bits, which TLS refuses. */
  readonly weak: TestCertificate
}

const folder = join(import.meta.dirname, 'certificates')

export function testCertificates(): TestCertificates {
  const caPath = join(folder, 'ca.pem')
  return {
    ca: readFileSync(caPath, 'utf8'),
    caPath,
    server: load('server', ['localhost']),
    client: load('client', ['billing.example.com']),
    stranger: load('stranger', ['stranger.example.net']),
    weak: load('weak', ['weak.example.net']),
  }
}

function load(name: string, names: readonly string[]): TestCertificate {
  const [keyPath, certPath] = [join(folder, `${name}-key.pem`), join(folder, `${name}.pem`)]
  const cert = readFileSync(certPath, 'utf8')
  const fingerprint = new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase()
  return { key: readFileSync(keyPath, 'utf8'), cert, fingerprint, names, keyPath, certPath }
}
