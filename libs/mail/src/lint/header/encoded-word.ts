/** The encoded words of a header with what is wrong with each (RFC 2047). */
import type { HeaderField } from '../../header/header-block.ts'
import { charsetOf, decodeText } from '../../mime/charset.ts'
import { kept } from '../kept.ts'
import { fieldsOf } from './field.ts'

export type EncodedWordFault =
  /** Begins like an encoded word and is none: white space or `?` within, no end, or octets that its encoding has not. */
  | 'malformed'
  | 'charset-unknown'
  /** Over 75 characters (§2). */
  | 'too-long'
  /** Not separated from what stands beside it, or within a quoted string (§5). */
  | 'misplaced'
  /** Its octets end or begin within a character (§5). */
  | 'character-cut'
  /** It has a line end. */
  | 'line-end'
  /** Base64 of nothing but ASCII. */
  | 'needless'

export interface EncodedWord {
  readonly field: HeaderField
  readonly word: string
  readonly faults: readonly EncodedWordFault[]
}

const maxWordCharacters = 75
const maxWords = 200
const textFields = ['subject', 'comments']
const addressFields = ['from', 'sender', 'reply-to', 'to', 'cc']

const wholeWord = /=\?([^?\s]{1,60})\?([^?\s]{1,5})\?([^?\s]{0,2000})\?=/y
const wordBegins = /=\?[\w.:+*-]{1,60}\?[bq]\?[^\s]{0,100}/iy
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const badQ = /=(?![0-9A-Fa-f]{2})|[^!-~]/

/** Those of the fields that people read: Subject, Comments and the address fields. At most 200. */
export const encodedWords = kept((input): readonly EncodedWord[] => {
  const words: EncodedWord[] = []
  for (const name of textFields) for (const field of fieldsOf(input, name)) readWords(field, false, words)
  for (const name of addressFields) for (const field of fieldsOf(input, name)) readWords(field, true, words)
  return words
})

function readWords(field: HeaderField, isAddress: boolean, words: EncodedWord[]): void {
  const { value } = field
  let at = value.indexOf('=?')
  if (at === -1) return
  const quoted = isAddress && value.includes('"') ? new QuoteCounter(value) : undefined
  while (at !== -1 && words.length < maxWords) {
    wholeWord.lastIndex = at
    const match = wholeWord.exec(value)
    if (match && /^[bq]$/i.test(match[2] ?? '')) {
      const word = match[0]
      const end = at + word.length
      const faults = wordFaults(match[1] ?? '', match[2] ?? '', match[3] ?? '')
      if (word.length > maxWordCharacters) faults.push('too-long')
      if (quoted?.isQuoted(at) || !isApart(value[at - 1], isAddress) || !isApart(value[end], isAddress)) faults.push('misplaced')
      words.push({ field, word, faults })
      at = value.indexOf('=?', end)
      continue
    }
    wordBegins.lastIndex = at
    const begun = match ? match[0] : wordBegins.exec(value)?.[0]
    if (begun !== undefined) words.push({ field, word: begun, faults: ['malformed'] })
    at = value.indexOf('=?', at + (begun?.length ?? 2))
  }
}

/** §5 asks for white space; every reader takes the marks of an address as well. */
function isApart(character: string | undefined, isAddress: boolean): boolean {
  if (character === undefined || character === ' ' || character === '\t') return true
  return isAddress && '<>(),:;"'.includes(character)
}

function wordFaults(charsetAndLanguage: string, encoding: string, payload: string): EncodedWordFault[] {
  const isBase64 = encoding === 'B' || encoding === 'b'
  if (isBase64 ? !base64.test(payload) : badQ.test(payload)) return ['malformed']
  const label = charsetAndLanguage.split('*', 1)[0] ?? ''
  const charset = charsetOf(label)
  if (!charset) return ['charset-unknown']
  const faults: EncodedWordFault[] = []
  const octets = Buffer.from(
    isBase64
      ? payload
      : payload
          .replaceAll('_', ' ')
          .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    isBase64 ? 'base64' : 'latin1',
  )
  const { text, fault } = decodeText(octets, label)
  if (fault === 'charset-mismatch') faults.push('character-cut')
  if (/[\r\n]/.test(text)) faults.push('line-end')
  if (isBase64 && charset.isAsciiBased && text !== '' && /^[\0-\x7f]*$/.test(text)) faults.push('needless')
  return faults
}

/** Whether an offset is within a quoted string; asked for growing offsets, it reads the text once. */
class QuoteCounter {
  readonly #text: string
  #at = 0
  #isQuoted = false

  constructor(text: string) {
    this.#text = text
  }

  isQuoted(offset: number): boolean {
    for (; this.#at < offset; this.#at++) {
      const character = this.#text[this.#at]
      if (character === '"') this.#isQuoted = !this.#isQuoted
      else if (character === '\\' && this.#isQuoted) this.#at++
    }
    return this.#isQuoted
  }
}
