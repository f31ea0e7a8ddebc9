/** The addresses that one application may send as, by one revision of the policy. */
import { parseMailbox, splitPlus } from '@sallyport/mail'
import { type CompiledApplication, type CompiledPolicy, parseAddressPattern } from '@sallyport/policy'
import { addressKey, type LocalPartCase } from './address-key.ts'
import type { Directories } from './directory/directories.ts'
import type { DirectorySource } from './directory/directory-source.ts'

/** `unknown`: a directory that may name it cannot be read. */
export type Authorization = 'yes' | 'no' | 'unknown'

export interface AddressIdentity {
  readonly localPart: string
  /** A-labels in lower case, or an address literal in brackets. */
  readonly aDomain: string
}

export class AuthorizedAddresses {
  /** Entries of the policy, as written. */
  readonly entries: readonly string[]
  readonly localPartCase: LocalPartCase
  readonly plusAddressing: boolean
  readonly #sources: readonly DirectorySource[]
  readonly #exact = new Set<string>()
  /** By domain: what local parts may begin with; `''` for `*@domain`. */
  readonly #prefixes = new Map<string, string[]>()

  constructor(policy: CompiledPolicy, application: CompiledApplication, directories: Directories) {
    const { addresses = [], directories: names = [] } = application.declared.senders ?? {}
    const settings = application.settings('address')
    this.entries = addresses
    this.localPartCase = settings.localPartCase ?? 'ignore'
    this.plusAddressing = settings.plusAddressing ?? true
    this.#sources = names.map((name) => directories.source(policy, name, this.localPartCase))
    for (const entry of addresses) this.#addEntry(entry)
  }

  /** Neither entries nor directories: there is nothing to judge by. */
  get isEmpty(): boolean {
    return this.entries.length === 0 && this.#sources.length === 0
  }

  /** `name:revision`, comma-separated; undefined without directories that are loaded. */
  get directoryRevision(): string | undefined {
    if (this.#sources.length === 0) return undefined
    const loaded = this.#sources.filter(({ content }) => content !== undefined)
    return loaded.length === 0 ? undefined : loaded.map(({ name, content }) => `${name}:${content?.revision}`).join(',')
  }

  /** The directories that cannot be used, with the reason. */
  get problems(): readonly string[] {
    return this.#sources.filter(({ content }) => !content).map(({ name, problem }) => `${name}: ${problem ?? 'not read yet'}`)
  }

  /** Directories whose newest file is held back, so that an older one is used. */
  get heldBack(): readonly string[] {
    return this.#sources.filter(({ heldBack }) => heldBack).map(({ name }) => name)
  }

  get directoryNames(): readonly string[] {
    return this.#sources.map(({ name }) => name)
  }

  /** A promise while a directory is read for the first time. */
  loading(): Promise<unknown> | undefined {
    if (this.#sources.every(({ isFirstReadOver }) => isFirstReadOver)) return undefined
    return Promise.all(this.#sources.map(({ firstRead }) => firstRead))
  }

  allows(identity: AddressIdentity): Authorization {
    const found = this.#allowsAsWritten(identity.localPart, identity.aDomain)
    if (found === 'yes' || !this.plusAddressing) return found
    const { base, tag } = splitPlus(identity.localPart)
    if (tag === undefined) return found
    const ofBase = this.#allowsAsWritten(base, identity.aDomain)
    return ofBase === 'no' ? found : ofBase
  }

  #allowsAsWritten(localPart: string, aDomain: string): Authorization {
    const key = addressKey(localPart, aDomain, this.localPartCase)
    if (this.#exact.has(key)) return 'yes'
    const prefixes = this.#prefixes.get(aDomain)
    if (prefixes?.some((prefix) => key.startsWith(prefix) && key.length > prefix.length + aDomain.length + 1)) return 'yes'
    let answer: Authorization = 'no'
    for (const { content } of this.#sources) {
      if (content?.addresses.has(key)) return 'yes'
      if (!content) answer = 'unknown'
    }
    return answer
  }

  #addEntry(entry: string): void {
    const pattern = parseAddressPattern(entry)
    if (!pattern) return
    if (!pattern.localPart.endsWith('*')) {
      const mailbox = parseMailbox(`${pattern.localPart}@${pattern.domain}`)
      if (mailbox.ok) this.#exact.add(addressKey(mailbox.localPart, mailbox.aDomain, this.localPartCase))
      return
    }
    const prefix = addressKey(pattern.localPart.slice(0, -1), '', this.localPartCase).slice(0, -1).normalize('NFC')
    const known = this.#prefixes.get(pattern.domain)
    if (known) known.push(prefix)
    else this.#prefixes.set(pattern.domain, [prefix])
  }
}
