/** Header fields in front of a message, without a copy of it. */

export interface ContentParts {
  /** Written one after the other they are the message; the second is the content itself. */
  readonly parts: readonly [Uint8Array, Uint8Array]
  readonly contentBytes: number
}

/** Puts whole fields, each with its line end, in front of the content. The content is neither copied nor changed. */
export function addHeaders(content: Uint8Array, fields: readonly string[]): ContentParts {
  const added = Buffer.from(fields.join(''))
  return { parts: [added, content], contentBytes: added.byteLength + content.byteLength }
}
