/** The files of `smtp.tls` and `delivery.tlsCa`: looked at before anything is opened or written, and those of ingress read for it. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { SallyportError } from '@sallyport/contracts'
import type { TlsTexts } from '@sallyport/ingress'
import { type ConfigurationFault, faultLine, isTree } from '@sallyport/runtime'
import type { GatewaySettings } from './settings.ts'

type TlsPaths = NonNullable<GatewaySettings['smtp']['tls']>

/** Fails with CONFIG_INVALID where a file cannot be read; what is in them is for TLS to judge. */
export function readTls({ certificate, key, clientCa }: TlsPaths): TlsTexts {
  return {
    certificate: textOf('certificate', certificate),
    key: textOf('key', key),
    clientCa: clientCa === undefined ? undefined : textOf('clientCa', clientCa),
  }
}

function textOf(name: keyof TlsPaths, path: string): string {
  const read = readText(`smtp.tls.${name}`, path)
  if ('text' in read) return read.text
  throw new SallyportError('CONFIG_INVALID', faultLine(read.fault))
}

type Read = { readonly text: string } | { readonly fault: ConfigurationFault }

function readText(setting: string, path: string): Read {
  try {
    return { text: readFileSync(path, 'utf8') }
  } catch (error) {
    const hint = 'name a PEM file that the user of the gateway may read'
    return { fault: { path: setting, message: `${path} cannot be read: ${(error as Error).message}`, hint } }
  }
}

type Tree = Readonly<Record<string, unknown>>

/**
 * Files that cannot be read, are not what they are to be, or do not fit together, where this process has the role that reads them. `tree`
 * is what the sources say: what does not fit the schema is told by others.
 */
export function tlsFaults({ roles, smtp, delivery }: Tree): readonly ConfigurationFault[] {
  const has = (role: string): boolean => !Array.isArray(roles) || roles.includes(role)
  const faults: ConfigurationFault[] = []
  if (has('ingress') && isTree(smtp) && isTree(smtp.tls)) {
    const { certificate, key, clientCa } = smtp.tls
    const chain = parsed(
      'smtp.tls.certificate',
      certificate,
      certificates,
      'the certificate, and then those that signed it',
      faults,
    )
    const secret = parsed('smtp.tls.key', key, createPrivateKey, 'the private key, without a passphrase', faults)
    parsed('smtp.tls.clientCa', clientCa, certificates, 'the certificates of the CA', faults)
    if (chain && secret) faults.push(...pairFaults(chain, secret))
  }
  if (has('delivery') && isTree(delivery)) {
    parsed('delivery.tlsCa', delivery.tlsCa, certificates, 'the certificates of the authorities', faults)
  }
  return faults
}

/** Undefined, and a fault more, where the file does not hold `what`; undefined where `path` is none. */
function parsed<T>(
  setting: string,
  path: unknown,
  parse: (text: string) => T,
  what: string,
  faults: ConfigurationFault[],
): T | undefined {
  if (typeof path !== 'string') return undefined
  const read = readText(setting, path)
  if ('fault' in read) {
    faults.push(read.fault)
    return undefined
  }
  try {
    return parse(read.text)
  } catch (error) {
    const message = `${path} cannot be used: ${(error as Error).message}`
    faults.push({ path: setting, message, hint: `name a PEM file with ${what}` })
    return undefined
  }
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/** The first of them. Throws where one cannot be parsed. */
function certificates(text: string): X509Certificate {
  for (const pem of text.match(pemCertificate) ?? []) new X509Certificate(pem)
  return new X509Certificate(text)
}

function pairFaults(certificate: X509Certificate, key: KeyObject): readonly ConfigurationFault[] {
  if (!certificate.checkPrivateKey(key)) {
    const message = `is not the key of the first certificate in smtp.tls.certificate (${certificate.subject.replaceAll('\n', ', ')})`
    return [{ path: 'smtp.tls.key', message, hint: 'give the two files that were made for each other' }]
  }
  try {
    createSecureContext({ cert: certificate.toString(), key: key.export({ type: 'pkcs8', format: 'pem' }) })
    return []
  } catch (error) {
    const hint = 'TLS of today asks for RSA of 2048 bits or more, or an elliptic curve'
    return [{ path: 'smtp.tls', message: `cannot be used: ${(error as Error).message}`, hint }]
  }
}
