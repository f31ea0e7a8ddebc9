/** Parameters of MAIL and RCPT: SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531), AUTH (RFC 4954), DSN (RFC 3461). */
import type { Message, Recipient } from '@sallyport/contracts'
import { decodeOriginalRecipient, decodeXtext } from '@sallyport/mail'
import type { SmtpReply } from '@sallyport/policy'
import { replies } from '../replies.ts'

export type MailParameters = Pick<Message, 'body' | 'smtpUtf8' | 'ret' | 'envelopeId'> & { readonly sizeBytes: number }
export type RecipientParameters = Pick<Recipient, 'notify' | 'originalRecipient'>

type Given = ReadonlyMap<string, string | true>
type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reply: SmtpReply }

const maxEnvelopeIdChars = 100
const notifyWords = new Set(['NEVER', 'SUCCESS', 'FAILURE', 'DELAY'])
const bad = (name: string): { readonly ok: false; readonly reply: SmtpReply } => ({ ok: false, reply: replies.badParameter(name) })

export function readMailParameters(given: Given): Read<MailParameters> {
  const value: { -readonly [K in keyof MailParameters]: MailParameters[K] } = { sizeBytes: 0 }
  for (const [name, text] of given) {
    switch (name) {
      case 'SIZE':
        if (text === true || !/^\d{1,20}$/.test(text)) return bad(name)
        value.sizeBytes = Number(text)
        break
      case 'BODY': {
        const body = text === true ? '' : text.toUpperCase()
        if (body !== '7BIT' && body !== '8BITMIME') return bad(name)
        value.body = body
        break
      }
      case 'SMTPUTF8':
        if (text !== true) return bad(name)
        value.smtpUtf8 = true
        break
      case 'RET': {
        const ret = text === true ? '' : text.toUpperCase()
        if (ret !== 'FULL' && ret !== 'HDRS') return bad(name)
        value.ret = ret
        break
      }
      case 'ENVID': {
        const envelopeId = text === true || text.length > maxEnvelopeIdChars ? undefined : decodeXtext(text)
        if (!envelopeId) return bad(name)
        value.envelopeId = envelopeId
        break
      }
      case 'AUTH':
        // Who the submitter was is not ours to believe (RFC 4954 §5): as if it were AUTH=<>.
        if (text === true) return bad(name)
        break
      default:
        return { ok: false, reply: replies.unknownParameter(name) }
    }
  }
  return { ok: true, value }
}

export function readRecipientParameters(given: Given): Read<RecipientParameters> {
  const value: { -readonly [K in keyof RecipientParameters]: RecipientParameters[K] } = {}
  for (const [name, text] of given) {
    switch (name) {
      case 'NOTIFY': {
        const words = text === true ? [] : text.toUpperCase().split(',')
        const isValid = words.length > 0 && words.every((word) => notifyWords.has(word)) && new Set(words).size === words.length
        if (!isValid || (words.includes('NEVER') && words.length > 1)) return bad(name)
        value.notify = words
        break
      }
      case 'ORCPT': {
        const originalRecipient = text === true ? undefined : decodeOriginalRecipient(text)
        if (originalRecipient === undefined) return bad(name)
        value.originalRecipient = originalRecipient
        break
      }
      default:
        return { ok: false, reply: replies.unknownParameter(name) }
    }
  }
  return { ok: true, value }
}
