/** Hashes of passwords in the PHC string format: scrypt (RFC 7914) and Argon2id (RFC 9106). */
import { argon2, scrypt, timingSafeEqual } from 'node:crypto'

export type PasswordHash =
  | ({ readonly kind: 'scrypt'; readonly logCost: number; readonly blockSize: number; readonly parallelism: number } & Digest)
  | ({ readonly kind: 'argon2id'; readonly memoryKib: number; readonly passes: number; readonly parallelism: number } & Digest)

interface Digest {
  readonly salt: Buffer
  readonly hash: Buffer
}

const scryptForm = /^\$scrypt\$ln=([0-9]{1,2}),r=([0-9]{1,2}),p=([0-9]{1,2})\$([A-Za-z0-9+/]+)={0,2}\$([A-Za-z0-9+/]+)={0,2}$/
const argonForm = /^\$argon2id\$v=19\$m=([0-9]{1,7}),t=([0-9]{1,2}),p=([0-9]{1,2})\$([A-Za-z0-9+/]+)={0,2}\$([A-Za-z0-9+/]+)={0,2}$/
/** A hash that asks for more would let whoever knows a user name fill the memory. */
const maxMemoryBytes = 256 * 1024 * 1024

/** `$scrypt$ln=16,r=8,p=1$salt$hash` or `$argon2id$v=19$m=65536,t=3,p=4$salt$hash`; undefined for anything else. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const parsed = parseScrypt(text) ?? parseArgon(text)
  return parsed && parsed.salt.length >= 8 && parsed.hash.length >= 16 && parsed.hash.length <= 64 ? parsed : undefined
}

function parseScrypt(text: string): PasswordHash | undefined {
  const match = scryptForm.exec(text)
  if (!match) return undefined
  const [logCost, blockSize, parallelism] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const isFit =
    logCost >= 1 && logCost <= 24 && blockSize >= 1 && parallelism >= 1 && scryptBytes(logCost, blockSize) <= maxMemoryBytes
  return isFit ? { kind: 'scrypt', logCost, blockSize, parallelism, ...digest(match) } : undefined
}

function parseArgon(text: string): PasswordHash | undefined {
  const match = argonForm.exec(text)
  if (!match) return undefined
  const [memoryKib, passes, parallelism] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const isFit = passes >= 1 && parallelism >= 1 && memoryKib >= 8 * parallelism && memoryKib * 1024 <= maxMemoryBytes
  return isFit ? { kind: 'argon2id', memoryKib, passes, parallelism, ...digest(match) } : undefined
}

const digest = (match: RegExpExecArray): Digest => ({
  salt: Buffer.from(match[4] ?? '', 'base64'),
  hash: Buffer.from(match[5] ?? '', 'base64'),
})

const scryptBytes = (logCost: number, blockSize: number): number => 128 * 2 ** logCost * blockSize

/** Whether the password has this hash. Works off the event loop, compares in constant time. */
export async function verifyPassword(expected: PasswordHash, password: string): Promise<boolean> {
  const derived = await derive(expected, password)
  return derived.length === expected.hash.length && timingSafeEqual(derived, expected.hash)
}

function derive(expected: PasswordHash, password: string): Promise<Buffer> {
  const { salt, hash, parallelism } = expected
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, key: Buffer): void => (error ? reject(error) : resolve(key))
    switch (expected.kind) {
      case 'scrypt': {
        const { logCost, blockSize } = expected
        const maxmem = scryptBytes(logCost, blockSize) + 1024 * blockSize * parallelism + 1024 * 1024
        scrypt(password.normalize('NFC'), salt, hash.length, { N: 2 ** logCost, r: blockSize, p: parallelism, maxmem }, done)
        return
      }
      case 'argon2id': {
        const { memoryKib: memory, passes } = expected
        const message = Buffer.from(password.normalize('NFC'))
        argon2('argon2id', { message, nonce: salt, parallelism, tagLength: hash.length, memory, passes }, done)
      }
    }
  })
}
