/** Rules on what a message consists of: its text and its attachments (RFC 2045 §7, RFC 2046, RFC 2183). */
import { seen, shown, shownAll } from '../evidence.ts'
import type { LintRule } from '../port.ts'
import { partName } from './part-fault.ts'

const htmlBegins = /^\s{0,100}<(?:!doctype\s{1,10}html|html|head|body|table|div)[\s>]/i
const attachmentTypes = /^(?:application|audio|video|image)\//
/** Parts without a file name that every mail program knows how to show. */
const selfExplaining = /^application\/(?:pgp-|pkcs7-|x-pkcs7-|ms-tnef|smil)/

export const bodyRules: readonly LintRule[] = [
  {
    id: 'spam.body-empty',
    points: 2,
    text: 'The message has no text, no picture and no attachment.',
    fix: 'Look for a template that gave nothing, or a body that was never set.',
    reference: 'RFC 5322 §2.3',
    why: 'Spammers probe addresses with empty messages, so filters count them; and people can do nothing with it.',
    find(input) {
      if (input.attachments.length > 0 || input.mime.isCut) return undefined
      if (input.plainText.trim() !== '') return undefined
      const { html } = input
      return html && (html.visibleText.trim() !== '' || html.imageCount > 0) ? undefined : seen
    },
  },
  {
    id: 'spam.html-as-plain-text',
    points: 1.5,
    text: 'The body is HTML, but it is declared as plain text.',
    fix: 'Write `Content-Type: text/html; charset=utf-8`, best as the second part of a multipart/alternative with a plain text.',
    reference: 'RFC 2045 §5.2, RFC 2046 §4.1',
    why: 'People see the source of the page. Spam made by scripts does it, so filters count it.',
    find: ({ plainPart, plainText }) =>
      plainPart && htmlBegins.test(plainText.slice(0, 200)) ? { part: partName(plainPart) } : undefined,
  },
  {
    id: 'spam.attachment-unnamed',
    points: 0.2,
    text: 'An attachment has no file name.',
    fix: 'Write `Content-Disposition: attachment; filename="…"`.',
    reference: 'RFC 2183 §2.3',
    why: 'Mail programs show it as `noname` or not at all, and scanners that go by names suspect it.',
    find({ attachments }) {
      const unnamed = attachments.filter(
        ({ fileName, contentId, mediaType }) =>
          !fileName && contentId === undefined && attachmentTypes.test(mediaType) && !selfExplaining.test(mediaType),
      )
      return unnamed.length > 0 ? { parts: shownAll(unnamed.slice(0, 10).map(partName)) } : undefined
    },
  },
  {
    id: 'spam.attachment-empty',
    points: 0.5,
    text: 'An attachment is empty.',
    fix: 'Check that the file was written before it was attached.',
    reference: 'RFC 2183 §2.2',
    why: 'People can do nothing with it, and scanners report it.',
    find({ attachments, mime }) {
      const empty = attachments.find(
        ({ bodyStart, bodyEnd, fileName }) => bodyStart === bodyEnd && fileName && !(mime.isCut && bodyEnd === mime.content.length),
      )
      return empty && { part: partName(empty), fileName: shown(empty.fileName ?? '') }
    },
  },
  {
    id: 'spam.content-id-repeated',
    points: 0.5,
    text: 'Several parts have the same Content-ID.',
    fix: 'Give each part an id of its own.',
    reference: 'RFC 2045 §7',
    why: 'Mail programs show one picture in the place of another.',
    find({ mime }) {
      const ids = new Set<string>()
      for (const { contentId } of mime.parts) {
        if (contentId === undefined) continue
        if (ids.has(contentId)) return { contentId: shown(contentId) }
        ids.add(contentId)
      }
      return undefined
    },
  },
]
