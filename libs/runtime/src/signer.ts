/** HMAC-SHA-256 with the gateway's key over replies and control records, which checkers cannot make. */
import { hash, timingSafeEqual } from 'node:crypto'

export interface Signer {
  /** The record with its `hmac` set. Covers every other field in its order. */
  sign<T extends object>(record: T): T & { hmac: string }
  /** True when `hmac` is that of the record. */
  verify(record: { readonly hmac: string }): boolean
}

/** A signer for one key (at least 32 bytes). */
export function hmacSigner(key: Uint8Array): Signer {
  const mac = hmacSha256(key)
  /** What this very signer signed, as it signed it: an object that never left the process needs no second look. */
  const own = new WeakSet<object>()
  return {
    sign(record) {
      const rest = 'hmac' in record ? withoutHmac(record) : record
      let made: string | undefined
      const signed = Object.freeze({
        ...record,
        /** When it is first read: a reply that stays in the process is never written. */
        get hmac() {
          made ??= mac(JSON.stringify(rest))
          return made
        },
      })
      own.add(signed)
      return signed
    },
    verify(record) {
      if (own.has(record)) return true
      const expected = Buffer.from(mac(JSON.stringify(withoutHmac(record))))
      const given = Buffer.from(record.hmac)
      return expected.length === given.length && timingSafeEqual(expected, given)
    },
  }
}

function withoutHmac(record: object): object {
  const { hmac: _, ...rest } = record as { readonly hmac?: string }
  return rest
}

const blockBytes = 64

/**
 * HMAC-SHA-256 (RFC 2104) of a text, base64url. By two one-shot hashes: an HMAC object of the library costs several times
 * its hashing, and this runs twice a message.
 */
export function hmacSha256(key: Uint8Array): (text: string) => string {
  const block = Buffer.alloc(blockBytes)
  block.set(key.length > blockBytes ? hash('sha256', key, 'buffer') : key)
  const inner = block.map((byte) => byte ^ 0x36)
  const outer = Buffer.concat([block.map((byte) => byte ^ 0x5c), Buffer.alloc(32)])
  return (text) => {
    const message = Buffer.allocUnsafe(blockBytes + Buffer.byteLength(text))
    message.set(inner)
    message.write(text, blockBytes, 'utf8')
    outer.set(hash('sha256', message, 'buffer'), blockBytes)
    return hash('sha256', outer, 'base64url')
  }
}
