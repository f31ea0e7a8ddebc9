/** MAIL and RCPT with the parameters that the next hop takes (RFC 5321, 1870, 6152, 6531, 3461). */
import type { Capabilities } from './capabilities.ts'
import type { Transaction, TransactionRecipient } from './next-hop.ts'

export function mailCommand(transaction: Transaction, offered: Capabilities): string {
  let line = `MAIL FROM:<${transaction.sender}>`
  if (offered.size) line += ` SIZE=${transaction.contentBytes}`
  if (offered.eightBitMime && transaction.is8Bit) line += ' BODY=8BITMIME'
  if (offered.smtpUtf8 && transaction.needsSmtpUtf8) line += ' SMTPUTF8'
  if (offered.dsn) {
    if (transaction.ret) line += ` RET=${transaction.ret}`
    if (transaction.envelopeId) line += ` ENVID=${xtext(transaction.envelopeId)}`
  }
  return line
}

export function rcptCommand(recipient: TransactionRecipient, offered: Capabilities): string {
  let line = `RCPT TO:<${recipient.address}>`
  if (!offered.dsn) return line
  if (recipient.notify?.length) line += ` NOTIFY=${recipient.notify.join(',')}`
  const original = originalRecipient(recipient.originalRecipient)
  if (original) line += ` ORCPT=${original}`
  return line
}

/** True for what cannot stand in a command line without starting another. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
export const isUnsafeAddress = (address: string): boolean => /[\u0000-\u001f\u007f]/.test(address)

function originalRecipient(decoded: string | undefined): string | undefined {
  if (!decoded) return undefined
  const at = decoded.indexOf(';')
  const type = at < 0 ? 'rfc822' : decoded.slice(0, at)
  if (!/^[A-Za-z0-9-]+$/.test(type)) return undefined
  const address = decoded.slice(at + 1)
  return `${type};${type.toLowerCase() === 'utf-8' ? utf8Xtext(address) : xtext(address)}`
}

/** xtext (RFC 3461 §4), over the octets of UTF-8. */
export function xtext(text: string): string {
  if (/^[!-*,-<>-~]*$/.test(text)) return text
  let encoded = ''
  for (const octet of Buffer.from(text, 'utf8')) {
    const isPlain = octet >= 0x21 && octet <= 0x7e && octet !== 0x2b && octet !== 0x3d
    encoded += isPlain ? String.fromCharCode(octet) : `+${octet.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}

/** utf-8-addr-xtext (RFC 6533 §3): fit for a next hop without SMTPUTF8, too. */
function utf8Xtext(text: string): string {
  let encoded = ''
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    const isPlain = point >= 0x21 && point <= 0x7e && character !== '+' && character !== '=' && character !== '\\'
    encoded += isPlain ? character : `\\x{${point.toString(16).toUpperCase()}}`
  }
  return encoded
}
