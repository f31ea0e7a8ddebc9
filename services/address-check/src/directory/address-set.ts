/**
 * Authorized addresses without the addresses: only keyed hashes are kept, 8 octets for an address in lower case and 16 for
 * another one. A look-up is wrong by chance alone, see `KeyedHash`.
 */

import type { HashSet } from './hash-set.ts'
import { HashSetBuilder } from './hash-set-builder.ts'
import { KeyedHash } from './keyed-hash.ts'

/** Addresses as written, and those with capitals once more in lower case, under keys of their own. One pair per process. */
const asWritten = new KeyedHash()
const inLowerCase = new KeyedHash()

export class AddressSet {
  /** Different addresses, as written. */
  readonly size: number
  readonly #written: HashSet
  readonly #lowered: HashSet

  constructor(written: HashSet, lowered: HashSet) {
    this.size = written.size
    this.#written = written
    this.#lowered = lowered
  }

  get byteLength(): number {
    return this.#written.byteLength + this.#lowered.byteLength
  }

  /** `address`: in the one form that `Mailbox.address` has. `ignoreCase`: whatever the case of the local part. */
  has(address: string, ignoreCase: boolean): boolean {
    const asked = ignoreCase ? address.toLowerCase() : address
    asWritten.digest(asked)
    if (this.#written.has(asWritten.high, asWritten.low)) return true
    if (!ignoreCase || this.#lowered.size === 0) return false
    inLowerCase.digest(asked)
    return this.#lowered.has(inLowerCase.high, inLowerCase.low)
  }
}

export class AddressSetBuilder {
  readonly #written = new HashSetBuilder()
  readonly #lowered = new HashSetBuilder()

  /** `address`: in the one form that `Mailbox.address` has. */
  add(address: string): void {
    asWritten.digest(address)
    this.#written.add(asWritten.high, asWritten.low)
    const lower = address.toLowerCase()
    if (lower === address) return
    inLowerCase.digest(lower)
    this.#lowered.add(inLowerCase.high, inLowerCase.low)
  }

  async finish(): Promise<AddressSet> {
    return new AddressSet(await this.#written.finish(), await this.#lowered.finish())
  }
}
