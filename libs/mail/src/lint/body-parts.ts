/** Which parts of a message are its bodies, and which are attachments (RFC 2046 §5.1, RFC 2387, RFC 2183). */
import type { MimePart } from '../mime/port.ts'

export interface BodyParts {
  readonly plain: MimePart | undefined
  readonly html: MimePart | undefined
  /** In depth-first order. An enclosed message is one, and so is what it has attached; its texts are not. */
  readonly attachments: readonly MimePart[]
}

/** What a mail reader shows as the message, and what it offers as files. Never throws. */
export function bodyParts(root: MimePart): BodyParts {
  const found: Found = { plain: undefined, html: undefined, attachments: [] }
  take(root, found)
  // Alternatives are visited backwards.
  found.attachments.sort((one, other) => one.index - other.index)
  return found
}

interface Found {
  plain: MimePart | undefined
  html: MimePart | undefined
  readonly attachments: MimePart[]
}

function take(part: MimePart, found: Found): void {
  const { mediaType, children } = part
  if (!mediaType.startsWith('multipart/')) {
    takeLeaf(part, found)
    return
  }
  if (mediaType === 'multipart/alternative') {
    // RFC 2046 §5.1.4: the last is the best, and the one that is shown.
    for (let at = children.length - 1; at >= 0; at--) {
      const child = children[at]
      if (child) take(child, found)
    }
    return
  }
  if (mediaType === 'multipart/related') {
    const start = part.parameters.get('start')
    // RFC 2387 §3.2: the root is the one that `start` names, otherwise the first.
    const root = (start && children.find((child) => isSameId(child.contentId, start))) || children[0]
    for (const child of children) {
      if (child === root) take(child, found)
      else takeAttached(child, found.attachments)
    }
    return
  }
  for (const child of children) take(child, found)
}

function takeLeaf(part: MimePart, found: Found): void {
  const mayBeBody =
    part.disposition !== 'attachment' && (part.fileName === undefined || (found.plain === undefined && found.html === undefined))
  if (mayBeBody && part.mediaType === 'text/plain' && found.plain === undefined) found.plain = part
  else if (mayBeBody && part.mediaType === 'text/html' && found.html === undefined) found.html = part
  else takeAttached(part, found.attachments)
}

function takeAttached(part: MimePart, attachments: MimePart[]): void {
  if (!part.mediaType.startsWith('multipart/')) attachments.push(part)
  if (part.mediaType === 'message/rfc822' || part.mediaType === 'message/global') {
    for (const child of part.children) for (const attached of bodyParts(child).attachments) attachments.push(attached)
  } else for (const child of part.children) takeAttached(child, attachments)
}

const isSameId = (contentId: string | undefined, start: string): boolean =>
  contentId !== undefined && withoutAngles(contentId) === withoutAngles(start)

const withoutAngles = (id: string): string => (id.startsWith('<') && id.endsWith('>') ? id.slice(1, -1) : id)
