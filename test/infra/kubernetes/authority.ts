/** Certificates for one test cluster, made with openssl. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answerOf } from '../ask-program.ts'
import { findProgram } from '../find-program.ts'

export const opensslMissing = findProgram('openssl') === undefined && 'openssl is not installed (Debian: openssl)'

export interface Certificate {
  readonly certificate: string
  readonly key: string
}

export interface Authority extends Certificate {
  /** Paths of a new certificate and its key. `names` as in subjectAltName: `DNS:localhost,IP:127.0.0.1`. */
  issue(name: string, subject: string, names?: string): Promise<Certificate>
}

const days = ['-days', '30']
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  const path = (file: string): string => join(folder, file)
  const own = { certificate: path(`${name}.crt`), key: path(`${name}.key`) }
  await answerOf('openssl', [
    ...['req', '-x509', ...newKey, '-keyout', own.key, '-out', own.certificate, ...days, '-subj', `/CN=${name}`],
    ...['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  ])
  return {
    ...own,
    async issue(of, subject, names) {
      const made = { certificate: path(`${of}.crt`), key: path(`${of}.key`) }
      if (existsSync(made.certificate)) return made
      await answerOf('openssl', ['req', ...newKey, '-keyout', made.key, '-out', path(`${of}.csr`), '-subj', subject])
      const extensions = ['keyUsage=critical,digitalSignature,keyEncipherment', 'extendedKeyUsage=serverAuth,clientAuth']
      writeFileSync(path(`${of}.ext`), [...extensions, ...(names ? [`subjectAltName=${names}`] : []), ''].join('\n'))
      await answerOf('openssl', [
        ...['x509', '-req', '-in', path(`${of}.csr`), '-CA', own.certificate, '-CAkey', own.key, '-CAcreateserial'],
        ...['-out', made.certificate, ...days, '-extfile', path(`${of}.ext`)],
      ])
      return made
    },
  }
}
