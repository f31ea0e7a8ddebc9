/** The files of `smtp.tls`: read for ingress, and looked at before anything else is opened or written. */
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
  const read = readText(name, path)
  if ('text' in read) return read.text
  throw new SallyportError('CONFIG_INVALID', faultLine(read.fault))
}

type Read = { readonly text: string } | { readonly fault: ConfigurationFault }

function readText(name: string, path: string): Read {
  try {
    return { text: readFileSync(path, 'utf8') }
  } catch (error) {
    const hint = 'name a PEM file that the user of the gateway may read'
    return { fault: { path: `smtp.tls.${name}`, message: `${path} cannot be read: ${(error as Error).message}`, hint } }
  }
}

/**
 * Files that cannot be read, are not what they are to be, or do not fit together, where this process has ingress. `tree` is what the
 * sources say: what does not fit the schema is told by others.
 */
export function tlsFaults(tree: Readonly<Record<string, unknown>>): readonly ConfigurationFault[] {
  const isIngress = !Array.isArray(tree.roles) || tree.roles.includes('ingress')
  const tls = isTree(tree.smtp) ? tree.smtp.tls : undefined
  if (!isIngress || !isTree(tls)) return []
  const faults: ConfigurationFault[] = []
  const parsed = <T>(name: keyof TlsPaths, parse: (text: string) => T, hint: string): T | undefined => {
    const path = tls[name]
    if (typeof path !== 'string') return undefined
    const read = readText(name, path)
    if ('fault' in read) {
      faults.push(read.fault)
      return undefined
    }
    try {
      return parse(read.text)
    } catch (error) {
      faults.push({ path: `smtp.tls.${name}`, message: `${path} cannot be used: ${(error as Error).message}`, hint })
      return undefined
    }
  }
  const certificate = parsed('certificate', certificates, 'name a PEM file with the certificate, and then those that signed it')
  const key = parsed('key', createPrivateKey, 'name a PEM file with the private key, without a passphrase')
  parsed('clientCa', certificates, 'name a PEM file with the certificates of the CA')
  return certificate && key ? [...faults, ...pairFaults(certificate, key)] : faults
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
