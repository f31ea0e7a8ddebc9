/** Who holds which token, and what each may do. Only hashes are kept, in memory and in the secrets of further tokens. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { SallyportError, type Scope } from '@sallyport/contracts'
import type { Secrets } from '@sallyport/runtime'
import { consoleToken } from './token.ts'

export interface Caller {
  /** Who changes something, for the record: what the caller says, else the name of the token. */
  readonly who: string
  /** Name of the token. */
  readonly token: string
  readonly scope: Scope
}

export interface TokenSettings {
  /** The token of the scope admin; default the one in `<data>/console-token`. */
  readonly token?: string | undefined
  readonly data: string
  readonly tokens?: readonly { readonly name: string; readonly scope: Scope; readonly hash: string }[] | undefined
}

interface Known {
  readonly name: string
  readonly scope: Scope
  /** SHA-256: a token is random, so no slow hash is needed. */
  readonly hash: Buffer
}

/** Whose an `Authorization` header is (RFC 6750 §2.1), in a time that does not tell how much of it was right. */
export type Callers = (authorization: string | undefined, author?: unknown) => Caller | undefined

/** Fails with SECRET_MISSING, CONFIG_INVALID or DATA_FOLDER_UNUSABLE. */
export async function readTokens(settings: TokenSettings, secrets: Secrets): Promise<Callers> {
  const admin = await consoleToken(settings, secrets)
  const known: Known[] = [{ name: 'console-token', scope: 'admin', hash: sha256(admin) }]
  for (const { name, scope, hash } of settings.tokens ?? []) {
    if (known.some((other) => other.name === name)) throw invalid(name, 'another token has that name')
    known.push({ name, scope, hash: await hashOf(name, hash, secrets) })
  }
  return callers(known)
}

/** For tests, and where there is one token alone. */
export const oneToken = (token: string, scope: Scope = 'admin'): Callers =>
  callers([{ name: 'console-token', scope, hash: sha256(token) }])

function callers(known: readonly Known[]): Callers {
  return (authorization, author) => {
    const given = /^bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1]
    if (given === undefined) return undefined
    const hash = sha256(given)
    // Each is looked at, whichever it is.
    const found = known.filter((one) => timingSafeEqual(one.hash, hash))[0]
    return found && { who: authorName(author) ?? found.name, token: found.name, scope: found.scope }
  }
}

const secretPrefix = 'secret:'

async function hashOf(name: string, reference: string, secrets: Secrets): Promise<Buffer> {
  if (!reference.startsWith(secretPrefix)) throw invalid(name, 'hash is no secret:NAME')
  const written = await secrets.read(reference.slice(secretPrefix.length))
  const hex = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(written.trim())?.[1]
  if (hex === undefined) throw invalid(name, `the secret ${reference} is no SHA-256: "sallyport token" makes a token and its hash`)
  return Buffer.from(hex, 'hex')
}

const invalid = (name: string, why: string): SallyportError =>
  new SallyportError('CONFIG_INVALID', `console.tokens: the token "${name}" cannot be used: ${why}`)

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

function authorName(given: unknown): string | undefined {
  const text = typeof given === 'string' ? given.trim() : ''
  return text === '' ? undefined : text.slice(0, 200)
}
