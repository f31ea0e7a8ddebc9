/** HMAC-SHA-256 with the gateway's key over replies and control records, which checkers cannot make. */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'

export interface Signer {
  /** The record with its `hmac` set. Covers every other field in its order. */
  sign<T extends object>(record: T): T & { hmac: string }
  /** True when `hmac` is that of the record. */
  verify(record: { readonly hmac: string }): boolean
}

/** A signer for one key (at least 32 bytes). */
export function hmacSigner(key: Uint8Array): Signer {
  const secret = createSecretKey(key)
  /** What this very signer signed, as it signed it: an object that never left the process needs no second look. */
  const own = new WeakSet<object>()
  const digest = (record: object): string => {
    const { hmac: _, ...rest } = record as { hmac?: string }
    return createHmac('sha256', secret).update(JSON.stringify(rest)).digest('base64url')
  }
  return {
    sign(record) {
      const signed = Object.freeze({ ...record, hmac: digest(record) })
      own.add(signed)
      return signed
    },
    verify(record) {
      if (own.has(record)) return true
      const expected = Buffer.from(digest(record))
      const given = Buffer.from(record.hmac)
      return expected.length === given.length && timingSafeEqual(expected, given)
    },
  }
}
