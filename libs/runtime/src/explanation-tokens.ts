/**
 * The tokens in the links that refusals carry: the 128 bits of the message's id, enciphered with a key of the gateway (AES, one
 * block). So a token names no address and no content, nobody can guess one, and nothing has to be kept to read it.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { isMessageId, messageIdTimeMs } from '@sallyport/contracts'
import type { Signer } from './signer.ts'

/** How long a link leads to its explanation. */
export const explanationMs = 30 * 86_400_000
/** Clocks of hosts differ. */
const aheadMs = 3_600_000

export interface ExplanationTokens {
  /** 22 characters (base64url). */
  tokenOf(messageId: string): string
  /** The message that a token names; undefined where it names none, or one of more than 30 days ago. */
  messageIdOf(token: string, nowMs: number): string | undefined
}

const algorithm = 'aes-128-ecb'

export function explanationTokens(signer: Signer): ExplanationTokens {
  const key = Buffer.from(signer.sign({ purpose: 'explanation links' }).hmac, 'base64url').subarray(0, 16)
  return {
    tokenOf(messageId) {
      const cipher = createCipheriv(algorithm, key, null).setAutoPadding(false)
      return Buffer.concat([cipher.update(Buffer.from(messageId.replaceAll('-', ''), 'hex')), cipher.final()]).toString('base64url')
    },
    messageIdOf(token, nowMs) {
      if (!/^[\w-]{22}$/.test(token)) return undefined
      const decipher = createDecipheriv(algorithm, key, null).setAutoPadding(false)
      const hex = Buffer.concat([decipher.update(Buffer.from(token, 'base64url')), decipher.final()]).toString('hex')
      const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
      if (!isMessageId(id) || id.charAt(14) !== '7') return undefined
      const ageMs = nowMs - messageIdTimeMs(id)
      return ageMs > -aheadMs && ageMs <= explanationMs ? id : undefined
    },
  }
}

/** The whole link. */
export const explanationLink = (publicUrl: string, token: string): string => `${publicUrl.replace(/\/+$/, '')}/explain/${token}`
