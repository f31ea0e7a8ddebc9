/** A message that was read: its bodies are decoded when they are asked for, and kept. */
import { decodeText } from './charset.ts'
import type { Part } from './part.ts'
import type { MimeMessage, MimePart } from './port.ts'
import { type DecodedBytes, decodeBase64, decodeQuotedPrintable } from './transfer-decoding.ts'

interface Text {
  readonly text: string
  readonly isWhole: boolean
}

const nothing: DecodedBytes = { bytes: new Uint8Array(), faultCount: 0, isWhole: true }
/** No charset has more for one UTF-16 unit, but for the shifts of stateful ones. */
const maxBytesPerChar = 4

export class ReadMessage implements MimeMessage {
  readonly content: Uint8Array
  readonly contentBytes: number
  readonly isCut: boolean
  readonly root: Part
  readonly parts: readonly Part[]
  readonly #decoded: (DecodedBytes | undefined)[] = []
  readonly #texts: (Text | undefined)[] = []

  /** `parts` has at least the message itself. */
  constructor(content: Uint8Array, contentBytes: number, root: Part, parts: readonly Part[]) {
    this.content = content
    this.contentBytes = contentBytes
    this.isCut = contentBytes > content.byteLength
    this.root = root
    this.parts = parts
  }

  decoded(part: MimePart, maxBytes = Number.POSITIVE_INFINITY): Uint8Array {
    const { bytes } = this.#decode(part, maxBytes)
    return bytes.byteLength <= maxBytes ? bytes : bytes.subarray(0, wholeNumber(maxBytes))
  }

  text(part: MimePart, maxChars = Number.POSITIVE_INFINITY): string {
    const own = this.#own(part)
    if (!own) return ''
    let known = this.#texts[own.index]
    if (!known || (!known.isWhole && known.text.length < maxChars)) {
      const maxBytes = wholeNumber(maxChars) * maxBytesPerChar
      const { bytes, isWhole } = this.#decode(own, maxBytes)
      const isCut = !isWhole || bytes.byteLength > maxBytes
      const used = bytes.byteLength > maxBytes ? bytes.subarray(0, maxBytes) : bytes
      const { text, fault } = decodeText(used, own.parameters.get('charset'), isCut || this.#isEndMissing(own))
      if (fault) own.addFault(fault)
      known = { text, isWhole: !isCut }
      this.#texts[own.index] = known
    }
    return cutText(known.text, maxChars)
  }

  #decode(part: MimePart, maxBytes: number): DecodedBytes {
    const own = this.#own(part)
    if (!own) return nothing
    const known = this.#decoded[own.index]
    if (known && (known.isWhole || known.bytes.byteLength >= maxBytes)) return known
    const decoded = this.#decodeBody(own, wholeNumber(maxBytes))
    this.#decoded[own.index] = decoded
    return decoded
  }

  #decodeBody(part: Part, maxBytes: number): DecodedBytes {
    const body = this.content.subarray(part.bodyStart, part.bodyEnd)
    // The parts of a composite are decoded, each for itself.
    if (part.children.length > 0) return { bytes: body, faultCount: 0, isWhole: true }
    if (part.transferEncoding === 'base64') {
      const decoded = decodeBase64(body, this.#isEndMissing(part), maxBytes)
      if (decoded.faultCount > 0) part.addFault('base64-malformed')
      return decoded
    }
    if (part.transferEncoding === 'quoted-printable') {
      const decoded = decodeQuotedPrintable(body, this.#isEndMissing(part), maxBytes)
      if (decoded.faultCount > 0) part.addFault('quoted-printable-malformed')
      return decoded
    }
    return { bytes: body, faultCount: 0, isWhole: true }
  }

  #isEndMissing(part: Part): boolean {
    return this.isCut && part.bodyEnd === this.content.byteLength
  }

  /** Undefined for a part of another message. */
  #own(part: MimePart): Part | undefined {
    const own = this.parts[part.index]
    return own === part ? own : undefined
  }
}

const wholeNumber = (limit: number): number => (limit > 0 ? Math.floor(limit) : 0)

/** Cuts between characters, never within a surrogate pair. */
function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  const end = wholeNumber(maxChars)
  const last = text.charCodeAt(end - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end)
}
