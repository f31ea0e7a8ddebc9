/** Secrets and PEM files that a start needs: all are read, and all that cannot be are told at once. */
import { readFile } from 'node:fs/promises'
import { SallyportError } from '@sallyport/contracts'
import type { Secrets } from '@sallyport/runtime'
import type { TlsFiles } from './distributed-settings.ts'

export interface TlsTexts {
  readonly ca?: string
  readonly certificate?: string
  readonly key?: string
}

export class StartTexts {
  readonly #secrets: Secrets
  readonly #faults: string[] = []

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  /** Undefined where no name is given, or where it cannot be read, which `check` then tells. */
  async secret(setting: string, name: string | undefined, leastBytes = 1): Promise<string | undefined> {
    if (name === undefined) return undefined
    try {
      const text = await this.#secrets.read(name)
      const bytes = Buffer.byteLength(text)
      if (bytes >= leastBytes) return text
      this.#faults.push(`${setting}: secret "${name}" has ${bytes} bytes, at least ${leastBytes} are needed: openssl rand -hex 32`)
    } catch (error) {
      this.#faults.push(`${setting}: ${error instanceof Error ? error.message : error}`)
    }
    return undefined
  }

  async file(setting: string, path: string | undefined): Promise<string | undefined> {
    if (path === undefined) return undefined
    try {
      return await readFile(path, 'utf8')
    } catch (error) {
      this.#faults.push(`${setting}: ${path} cannot be read: ${error instanceof Error ? error.message : error}`)
      return undefined
    }
  }

  /** Undefined where TLS is not wanted. */
  async tls(setting: string, files: TlsFiles | undefined): Promise<TlsTexts | undefined> {
    if (files === undefined) return undefined
    const ca = await this.file(`${setting}.ca`, files.ca)
    const certificate = await this.file(`${setting}.certificate`, files.certificate)
    const key = await this.file(`${setting}.key`, files.key)
    return {
      ...(ca === undefined ? {} : { ca }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(key === undefined ? {} : { key }),
    }
  }

  /** Throws SECRET_MISSING with everything that could not be read. */
  check(): void {
    const [first, ...others] = this.#faults
    if (first === undefined) return
    throw new SallyportError(
      'SECRET_MISSING',
      others.length === 0 ? first : `several things are missing:\n  ${this.#faults.join('\n  ')}`,
    )
  }
}
