/** Addresses as traces may tell them: as words that say that two are the same, and not which. */
import { createHmac } from 'node:crypto'

export type AddressStyle = 'hashed' | 'clear'

const dayMs = 86_400_000

/**
 * `hashed`: the first 64 bits of an HMAC under a key that changes every day (UTC), so that a message is found by its sender on a
 * day, by whoever has the gateway's key, and nobody is followed for longer.
 */
export function addressWords(style: AddressStyle, key: () => Uint8Array, now: () => number): (address: string) => string {
  let day = -1
  let dayKey: Buffer = Buffer.alloc(0)
  return (address) => {
    if (style === 'clear') return address
    const today = Math.floor(now() / dayMs)
    if (today !== day) {
      day = today
      dayKey = createHmac('sha256', key()).update(`addresses in traces ${day}`).digest()
    }
    return createHmac('sha256', dayKey).update(address.toLowerCase()).digest('hex').slice(0, 16)
  }
}
