/** Rules on the texts of a message: what the reader sees, what he does not, and whether both forms agree. */
import { seen, shown } from '../evidence.ts'
import { kept } from '../kept.ts'
import type { LintEvidence, LintInput, LintRule } from '../port.ts'
import { wordsFound } from './agreement.ts'

/** Gmail shows no more of a body and offers a link to the rest. */
const clipBytes = 102 * 1024
const minAgreement = 0.2
/** What a preview (preheader) may have; more is text for filters. */
const maxPreheaderChars = 500
const minHiddenChars = 40
const minHiddenWords = 6
const minShoutedLetters = 60
const maxReadChars = 20_000
/** Its capitals are a token's. */
const url = /https?:\/\/\S{1,2000}/gi

/** Neither form has words that the other is made of. Judged from the one that has more to say. */
const agreement = kept((input): { readonly share: number | undefined } => {
  const { html, plainText } = input
  if (html === undefined || input.plainPart === undefined) return { share: undefined }
  const ofHtml = wordsFound(html.visibleText, plainText)
  if (ofHtml !== undefined && ofHtml >= minAgreement) return { share: ofHtml }
  const ofPlain = wordsFound(plainText, `${html.visibleText}\n${html.hiddenText}`)
  if (ofHtml === undefined || ofPlain === undefined) return { share: undefined }
  return { share: Math.max(ofHtml, ofPlain) }
})

/** Hidden text beyond a preview, or undefined. */
function hiddenText({ html }: LintInput): string | undefined {
  if (html === undefined || html.hiddenText.length < minHiddenChars) return undefined
  const beyond = html.preheaderChars <= maxPreheaderChars ? html.hiddenText.slice(html.preheaderChars) : html.hiddenText
  if (beyond.length < minHiddenChars) return undefined
  return beyond.split(/\s+/, 200).filter((word) => word.length > 1).length >= minHiddenWords ? beyond.trim() : undefined
}

function shouting(text: string): LintEvidence | undefined {
  let upper = 0
  let lower = 0
  const limit = Math.min(text.length, maxReadChars)
  for (let at = 0; at < limit; ) {
    for (const end = Math.min(limit, at + 64); at < end; at++) {
      const code = text.charCodeAt(at)
      if (code >= 0x61 && code <= 0x7a) lower++
      else if (code >= 0x41 && code <= 0x5a) upper++
    }
    // So many small letters that capitals alone from here on would not do.
    if (2 * lower >= upper + limit - at) return undefined
  }
  return upper >= minShoutedLetters && upper > lower * 2 ? { capitals: upper, small: lower } : undefined
}

/** What a reader sees: the HTML body where there is one. */
const seenText = (input: LintInput): string => input.html?.visibleText ?? input.plainText

export const bodyRules: readonly LintRule[] = [
  {
    id: 'spam.html-only',
    points: 0.3,
    text: 'The message has an HTML body and no plain text beside it.',
    fix: 'Send multipart/alternative with the same content as text/plain first and text/html second.',
    reference: 'RFC 2046 §5.1.4',
    why: 'Screen readers, watches and many filters read the plain text; spam often leaves it out.',
    find: ({ htmlPart, plainPart }) =>
      htmlPart !== undefined && plainPart === undefined ? { type: shown(htmlPart.mediaType) } : undefined,
  },
  {
    id: 'spam.plain-part-empty',
    points: 0.5,
    text: 'The plain text beside the HTML body is empty.',
    fix: 'Make the plain text from the same content as the HTML.',
    reference: 'RFC 2046 §5.1.4',
    why: 'Who reads plain text sees nothing, and filters take it for a mistake of spam software.',
    find: ({ html, plainPart, plainText }) =>
      html !== undefined && plainPart !== undefined && html.visibleText.length > 100 && plainText.trim() === ''
        ? { htmlChars: html.visibleText.length }
        : undefined,
  },
  {
    id: 'spam.alternatives-differ',
    points: 1,
    text: 'The plain text and the HTML body do not say the same.',
    fix: 'Make both from the same content.',
    reference: 'RFC 2046 §5.1.4',
    why: 'Spam shows one text to filters and another to people.',
    find(input) {
      const { share } = agreement(input)
      return share !== undefined && share < minAgreement ? { wordsInBothPercent: Math.round(share * 100) } : undefined
    },
  },
  {
    id: 'spam.hidden-text',
    points: 2.5,
    text: 'The HTML body has text that the reader cannot see (hidden, tiny, or in the colour of its background).',
    fix: 'Take it out. A short preview (preheader) at the beginning is fine.',
    reference: 'Recommendation of mailbox providers',
    why: 'Hidden text is there to mislead filters, so they look for it.',
    find(input) {
      const text = hiddenText(input)
      return text === undefined ? undefined : { chars: text.length, text: shown(text) }
    },
  },
  {
    id: 'spam.zero-width-in-words',
    points: 2,
    text: 'Words are cut up by characters that have no width.',
    fix: 'Take the characters out (U+200B, U+00AD and the like). To allow a line break, use <wbr>.',
    reference: 'Unicode UAX #44, Default_Ignorable_Code_Point',
    why: 'It hides words from filters, and filters count it.',
    find: ({ html }) => (html !== undefined && html.zeroWidthCount >= 5 ? { count: html.zeroWidthCount } : undefined),
  },
  {
    id: 'spam.html-clipped',
    points: 0.3,
    text: 'The HTML body is larger than 102 KB: Gmail shows the beginning only.',
    fix: 'Leave out styles and comments that are not used, and put pictures on a server or into parts of their own.',
    reference: 'Gmail: clipped messages',
    why: 'What is cut off often has the link to unsubscribe, and a large body of little text looks like spam.',
    find({ htmlPart, mime }) {
      if (htmlPart === undefined || htmlPart.bodyEnd - htmlPart.bodyStart <= clipBytes) return undefined
      const htmlBytes = mime.decoded(htmlPart).byteLength
      return htmlBytes > clipBytes ? { htmlBytes } : undefined
    },
  },
  {
    id: 'spam.html-unreadable',
    points: 1.5,
    text: 'The HTML body has more text, more tags or deeper nesting than any reader would show.',
    fix: 'Simplify the HTML: at most 512 levels, 100,000 tags, 64 KiB of text.',
    reference: 'Recommendation of mailbox providers',
    why: 'Filters stop reading at some point, and distrust what they have not read.',
    find: ({ html }) => (html?.isCut === true ? { tags: html.tagCount, depth: html.maxDepth } : undefined),
  },
  {
    id: 'spam.text-capitals',
    points: 1,
    text: 'The text is written mostly in CAPITALS.',
    fix: 'Write sentences.',
    reference: 'RFC 1855 §2.1.1',
    why: 'It is one of the oldest marks of spam.',
    find(input) {
      const text = seenText(input)
      return shouting(text) && shouting(text.replace(url, ''))
    },
  },
  {
    id: 'spam.text-exclamations',
    points: 0.5,
    text: 'The text has four or more exclamation marks in a row.',
    fix: 'One is enough.',
    reference: 'RFC 1855 §2.1.1',
    why: 'Filters count shouting.',
    find: (input) => (seenText(input).includes('!!!!') ? seen : undefined),
  },
]
