/** A message read as MIME (RFC 2045, 2046): a tree of parts that are ranges of its bytes, read in bounded time and memory. */
import type { HeaderBlock } from '../header/header-block.ts'

/**
 * What is wrong; each part has each code once. Those of decoding (`base64-malformed`, `quoted-printable-malformed`,
 * `charset-mismatch`) are there once the part was decoded.
 */
export type MimeFault =
  /** Content-Type cannot be parsed: taken for text/plain (RFC 2045 §5.2). */
  | 'content-type-malformed'
  | 'content-type-repeated'
  | 'multipart-without-boundary'
  /** Longer than 70 characters or with characters that none may have (RFC 2046 §5.1.1). */
  | 'boundary-malformed'
  /** The boundary never occurs. Then neither of the next two is told. */
  | 'boundary-missing'
  /** The closing delimiter never comes, and the content ends. */
  | 'multipart-not-closed'
  | 'multipart-empty'
  /** The boundary of an outer multipart occurs within an inner one that is not closed. */
  | 'boundary-of-outer'
  | 'transfer-encoding-unknown'
  | 'transfer-encoding-repeated'
  /** Other than 7bit, 8bit and binary on multipart or message/* (RFC 2045 §6.4), but for message/global* (RFC 6532 §3.7). */
  | 'transfer-encoding-on-composite'
  | 'base64-malformed'
  | 'quoted-printable-malformed'
  /** Octets above 127 under 7bit, quoted-printable or base64, in the body of a part that has no parts. */
  | 'eight-bit-undeclared'
  /** Of a text part. */
  | 'charset-unknown'
  /** Bytes that the declared charset does not have. */
  | 'charset-mismatch'
  /** Any of the faults in `header.faults` but bare line ends. */
  | 'header-malformed'
  /** Deeper than the limit: the rest is one opaque part. */
  | 'too-deep'
  /** More parts than the limit, or more than 20,000 header fields in them: the rest is not read. Of the part whose next part it is. */
  | 'too-many-parts'

export interface MimePart {
  /** Place in depth-first order; the message itself is 0. */
  readonly index: number
  /** −1 for the message itself. */
  readonly parent: number
  readonly depth: number
  readonly header: HeaderBlock
  /** Lower-case `type/subtype`, with the defaults of RFC 2045 §5.2 and RFC 2046 §5.1.5. */
  readonly mediaType: string
  /** Whether Content-Type is there. */
  readonly isTypeDeclared: boolean
  /** Parameters of Content-Type by lower-case name; RFC 2231 continuations joined and decoded. */
  readonly parameters: ReadonlyMap<string, string>
  /** Lower-case disposition type (RFC 2183). */
  readonly disposition: string | undefined
  /** From Content-Disposition, else the `name` of Content-Type; decoded (RFC 2231, and RFC 2047 as found in practice). */
  readonly fileName: string | undefined
  /** Lower-case, `7bit` by default. */
  readonly transferEncoding: string
  /** Without angle brackets. */
  readonly contentId: string | undefined
  /** Offsets in the content of the part's body, without the line end that belongs to the boundary. */
  readonly bodyStart: number
  readonly bodyEnd: number
  /** Of multipart/*, and of message/rfc822, message/global and message/news that are not encoded. */
  readonly children: readonly MimePart[]
  readonly faults: readonly MimeFault[]
}

export interface MimeMessage {
  /** The bytes that were read: a view, possibly only the beginning of the message. */
  readonly content: Uint8Array
  /** Of the whole message. */
  readonly contentBytes: number
  /** True where `content` is not the whole message. Then what is missing at the end is no fault. */
  readonly isCut: boolean
  readonly root: MimePart
  /** Every part in depth-first order, at most the limit. */
  readonly parts: readonly MimePart[]
  /** Decoded body (transfer encoding undone), at most `maxBytes`. Never throws: what cannot be decoded is left out. Decoded once, then kept. */
  decoded(part: MimePart, maxBytes?: number): Uint8Array
  /**
   * Decoded text in its charset, at most `maxChars`; under none or an unknown one UTF-8 where it is that, otherwise Latin-1. U+FFFD
   * where the bytes do not fit. Never throws. Decoded once, then kept.
   */
  text(part: MimePart, maxChars?: number): string
}

export interface MimeLimits {
  /** Default 100. */
  readonly maxDepth?: number
  /** Default 1,000. */
  readonly maxParts?: number
}

/** Never throws; time and memory are linear in the bytes given. `contentBytes` of the whole message where `content` is only its beginning. */
export type ReadMime = (content: Uint8Array, options?: MimeLimits & { readonly contentBytes?: number }) => MimeMessage
