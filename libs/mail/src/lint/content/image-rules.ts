/** Rules on the images of a message. */
import type { HtmlImage } from '../../html/port.ts'
import { shown, shownAll } from '../evidence.ts'
import type { LintInput, LintRule } from '../port.ts'

const maxRemoteImages = 40
/** Less text than this beside a large image, and the image is the message. */
const minTextChars = 150
/** CSS pixels; no icon or logo is as large. */
const largePixels = 60_000
const largeImageBytes = 8_000

const isRemote = ({ source }: HtmlImage): boolean => /^(?:https?:)?\/\//i.test(source)

const isPixel = ({ width, height }: HtmlImage): boolean => width !== undefined && height !== undefined && width <= 2 && height <= 2

/** Where only one side is known, it must be that of a banner; where none is, an image that the message brings along is as large as its bytes. */
function isLarge({ width, height, source }: HtmlImage, { mime }: LintInput): boolean {
  if (width !== undefined || height !== undefined) return (width ?? 200) * (height ?? 200) >= largePixels
  if (!/^cid:/i.test(source)) return true
  const id = contentIdOf(source)
  const part = mime.parts.find(({ contentId }) => bareId(contentId) === id)
  return part === undefined || part.bodyEnd - part.bodyStart >= largeImageBytes
}

/** Characters that are no white space; counts no further than `enough`. */
function charCount(text: string, enough: number): number {
  let count = 0
  for (let at = 0; at < text.length && count < enough; at++) {
    const code = text.charCodeAt(at)
    if ((code > 0x20 && code < 0x7f) || !/\s/.test(text.charAt(at))) count++
  }
  return count
}

export const imageRules: readonly LintRule[] = [
  {
    id: 'spam.image-only',
    points: 1.5,
    text: 'The message is an image with hardly any text.',
    fix: 'Write what the image says as text, and give the image an alternative text (alt).',
    reference: 'WCAG 2.2 §1.4.5, recommendation of mailbox providers',
    why: 'Spam hides its words in images. Who has images switched off or cannot see reads nothing.',
    find(input) {
      const { html } = input
      if (html === undefined) return undefined
      if (html.images.length === 0) return undefined
      const textChars = charCount(html.visibleText, minTextChars)
      if (textChars >= minTextChars) return undefined
      const large = html.images.filter((image) => image.source !== '' && !isPixel(image) && isLarge(image, input)).length
      return large > 0 ? { largeImages: large, textChars } : undefined
    },
  },
  {
    id: 'spam.image-attached-only',
    points: 1,
    text: 'The message has no text, only an attached image.',
    fix: 'Write what the image is about.',
    reference: 'Recommendation of mailbox providers',
    why: 'Spam hides its words in images.',
    find({ html, plainText, attachments }) {
      if (html !== undefined && html.imageCount > 0) return undefined
      if (attachments.length === 0 || charCount(html?.visibleText ?? plainText, 20) >= 20) return undefined
      const image = attachments.find(
        (part) => part.mediaType.startsWith('image/') && part.bodyEnd - part.bodyStart >= largeImageBytes,
      )
      return image === undefined ? undefined : { image: shown(image.fileName ?? image.mediaType) }
    },
  },
  {
    id: 'spam.image-many-remote',
    points: 0.1,
    text: `The message loads more than ${maxRemoteImages} images from the web.`,
    fix: 'Use fewer images, and CSS for lines, gaps and buttons.',
    reference: 'Recommendation of mailbox providers',
    why: 'Mail readers block them at first, and the message looks broken.',
    find({ html }) {
      const count = html?.images.filter((image) => isRemote(image) && !isPixel(image)).length ?? 0
      return count > maxRemoteImages ? { count } : undefined
    },
  },
  {
    id: 'spam.image-tracking-pixel',
    points: 0,
    text: 'The message loads an image of one pixel, which tells the sender when it is read.',
    fix: 'Nothing, where the recipients agreed to it. Otherwise take it out.',
    reference: 'RFC 9620 §4, Directive 2002/58/EC article 5(3)',
    why: 'Mail readers block or fake such images; in many countries they need consent.',
    find({ html }) {
      const pixel = html?.images.find((image) => isRemote(image) && isPixel(image))
      return pixel === undefined ? undefined : { host: shown(URL.parse(pixel.source, 'https://x/')?.host ?? '') }
    },
  },
  {
    id: 'spam.image-embedded-data',
    points: 0.3,
    text: 'An image stands in the HTML itself (data:), which Gmail and Outlook do not show.',
    fix: 'Attach the image inline with a Content-ID and refer to it with cid:, or put it on a web server.',
    reference: 'RFC 2392, RFC 2397',
    why: 'The image is missing for most readers, and the body grows over what is shown.',
    find({ html }) {
      const count = html?.images.filter(({ source }) => /^data:/i.test(source)).length ?? 0
      return count > 0 ? { count } : undefined
    },
  },
  {
    id: 'spam.image-part-missing',
    points: 0.5,
    text: 'The HTML body refers to an image part (cid:) that the message does not have.',
    fix: 'Attach the image inline; its Content-ID is what the HTML names, in angle brackets.',
    reference: 'RFC 2392',
    why: 'The image is missing for every reader.',
    find({ html, mime }) {
      if (html === undefined || mime.isCut) return undefined
      const wanted = html.images.flatMap(({ source }) => (/^cid:/i.test(source) ? [contentIdOf(source)] : []))
      if (wanted.length === 0) return undefined
      const there = new Set(mime.parts.map(({ contentId }) => bareId(contentId)))
      const missing = wanted.filter((id) => !there.has(id))
      return missing.length > 0 ? { missing: shownAll(missing) } : undefined
    },
  },
]

const bareId = (contentId: string | undefined): string => (contentId ?? '').replace(/^<|>$/g, '')

/** The id in a cid: URL is percent-encoded. */
function contentIdOf(source: string): string {
  try {
    return decodeURIComponent(source.slice(4))
  } catch {
    return source.slice(4)
  }
}
