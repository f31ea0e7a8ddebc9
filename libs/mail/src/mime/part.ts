/** A part while it is read: what its header says (RFC 2045, RFC 2183), and where its body lies. */
import { decodeEncodedWords } from '../header/encoded-words.ts'
import type { HeaderBlock } from '../header/header-block.ts'
import { charsetOf } from './charset.ts'
import { readParameterized } from './parameters.ts'
import type { MimeFault, MimePart } from './port.ts'

const none: ReadonlyMap<string, string> = new Map()
/** RFC 2046 §5.1.1 bchars, at most 70, no space at the end. */
const boundaryForm = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/
const knownEncodings = new Set(['7bit', '8bit', 'binary', 'base64', 'quoted-printable'])
const identityEncodings = new Set(['7bit', '8bit', 'binary'])

export class Part implements MimePart {
  readonly index: number
  readonly parent: number
  readonly depth: number
  readonly header: HeaderBlock
  mediaType: string
  isTypeDeclared = false
  parameters = none
  disposition: string | undefined
  fileName: string | undefined
  transferEncoding = '7bit'
  contentId: string | undefined
  bodyStart: number
  bodyEnd: number
  readonly children: Part[] = []
  readonly faults: MimeFault[] = []

  /** `isCut`: the end of the header is missing, which is no fault then. */
  constructor(index: number, parent: Part | undefined, header: HeaderBlock, bodyStart: number, isCut: boolean) {
    this.index = index
    this.parent = parent ? parent.index : -1
    this.depth = parent ? parent.depth + 1 : 0
    this.header = header
    // RFC 2046 §5.1.5.
    this.mediaType = parent?.mediaType === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
    this.bodyStart = bodyStart
    this.bodyEnd = bodyStart
    parent?.children.push(this)
    this.#readHeader()
    this.#findFaults(isCut)
  }

  addFault(fault: MimeFault): void {
    if (!this.faults.includes(fault)) this.faults.push(fault)
  }

  get isMultipart(): boolean {
    return this.mediaType.startsWith('multipart/')
  }

  /** Has a message for its body, and as it is: one that is encoded is opaque. */
  get isMessage(): boolean {
    return (
      (this.mediaType === 'message/rfc822' || this.mediaType === 'message/global' || this.mediaType === 'message/news') &&
      identityEncodings.has(this.transferEncoding)
    )
  }

  /** Without white space at its end, as bytes in characters; empty where there is none. */
  get boundary(): string {
    const boundary = (this.parameters.get('boundary') ?? '').trimEnd()
    return boundaryForm.test(boundary) ? boundary : Buffer.from(boundary).toString('latin1')
  }

  #readHeader(): void {
    let contentType: string | undefined
    let disposition: string | undefined
    let encoding: string | undefined
    for (const field of this.header.fields) {
      const { lowerName } = field
      if (lowerName.charCodeAt(0) !== 0x63) continue
      if (lowerName === 'content-type') {
        if (contentType !== undefined) this.addFault('content-type-repeated')
        contentType ??= field.value
      } else if (lowerName === 'content-transfer-encoding') {
        if (encoding !== undefined) this.addFault('transfer-encoding-repeated')
        encoding ??= field.value
      } else if (lowerName === 'content-disposition') disposition ??= field.value
      else if (lowerName === 'content-id') this.contentId ??= idOf(field.value)
    }
    if (contentType !== undefined) this.#readType(contentType)
    if (disposition !== undefined) this.#readDisposition(disposition)
    const name = this.fileName ?? this.parameters.get('name')
    this.fileName = name === undefined ? undefined : decodeEncodedWords(name)
    if (encoding !== undefined) this.#readEncoding(encoding)
  }

  #readType(value: string): void {
    const { type, subtype, parameters } = readParameterized(value)
    this.isTypeDeclared = true
    this.parameters = parameters
    if (type !== '' && subtype) this.mediaType = `${type}/${subtype}`
    else {
      // RFC 2045 §5.2, in a digest too: what was declared is no message.
      this.mediaType = 'text/plain'
      this.addFault('content-type-malformed')
    }
  }

  #readDisposition(value: string): void {
    const { type, parameters } = readParameterized(value)
    this.disposition = type === '' ? undefined : type
    this.fileName = parameters.get('filename')
  }

  #readEncoding(value: string): void {
    const { type } = readParameterized(value)
    if (type !== '') this.transferEncoding = type
    if (!knownEncodings.has(type)) this.addFault('transfer-encoding-unknown')
  }

  #findFaults(isCut: boolean): void {
    // Line ends are the transport's; what is left makes readers disagree.
    for (const fault of this.header.faults) {
      if (fault !== 'bare-line-end' && !(fault === 'no-end' && isCut)) this.addFault('header-malformed')
    }
    if (this.isMultipart) {
      const boundary = this.boundary
      if (boundary === '') this.addFault('multipart-without-boundary')
      else if (!boundaryForm.test(boundary)) this.addFault('boundary-malformed')
    }
    // RFC 6532 §3.7 allows message/global every encoding.
    if (this.isMultipart || (this.mediaType.startsWith('message/') && !this.mediaType.startsWith('message/global'))) {
      if (!identityEncodings.has(this.transferEncoding)) this.addFault('transfer-encoding-on-composite')
    }
    const charset = this.mediaType.startsWith('text/') ? this.parameters.get('charset') : undefined
    if (charset !== undefined && !charsetOf(charset)) this.addFault('charset-unknown')
  }
}

/** RFC 2045 §7: a msg-id, without its angle brackets. */
function idOf(value: string): string | undefined {
  const id = /<([^<>]*)>/.exec(value)?.[1] ?? value
  const trimmed = id.trim()
  return trimmed === '' ? undefined : trimmed
}
