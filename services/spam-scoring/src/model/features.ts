/** All features of a message, from what the lint reads of it too: nothing is parsed twice. */
import type { LintInput } from '@sallyport/mail'
import { type FeatureBag, featureKind } from './feature-bag.ts'
import { addHeader, type HeaderSeen } from './header-features.ts'
import { addLinks } from './link-features.ts'
import { addStructure } from './structure-features.ts'
import { addStyle } from './style-features.ts'
import { addWords, maxTextChars, type WordsSeen } from './words.ts'

/** Changes with anything that makes the same message have other features: models of another version are refused. */
export const featureVersion = 1

/** What of a message under lint the features are taken from. */
export type ScoredMessage = Pick<LintInput, 'mime' | 'plainPart' | 'htmlPart' | 'plainText' | 'html' | 'attachments'>

/** HTML that shows less than this is no text to judge by: the plain part is read with it. */
const fewChars = 40

/**
 * Fills the bag (cleared first) with the features of a message. Reads the visible text of the HTML body, the plain body where there
 * is none or it says next to nothing; at most 32 Ki characters, 100 links, 50 attachments. Takes no features from dates, recipients,
 * relays, names, addresses or sender domains; these only come back, to group by. Never throws.
 */
export function extractFeatures(input: ScoredMessage, bag: FeatureBag): HeaderSeen {
  bag.clear()
  const header = addHeader(bag, input.mime.root.header)
  const visible = input.html?.visibleText ?? ''
  const shown =
    input.html && visible.length >= fewChars ? visible : visible === '' ? input.plainText : `${visible}\n${input.plainText}`
  const text = shown.length > maxTextChars ? shown.slice(0, maxTextChars) : shown
  bag.bodyText = text.toLowerCase()
  const seen = addWords(bag, bag.bodyText, featureKind.word)
  addStyle(bag, text, seen)
  addLinks(bag, {
    html: input.html?.links ?? [],
    htmlCount: input.html?.linkCount ?? 0,
    // In HTML, what is written out is mostly the text of a link.
    written: input.html ? [] : urlsOf(bag.bodyText, seen),
    textChars: text.length,
    senderDomain: header.senderDomain,
  })
  addStructure(bag, input, text.length)
  return header
}

/** The URLs that are written out in the text. */
function urlsOf(text: string, { urlRanges }: WordsSeen): readonly string[] {
  const urls: string[] = []
  for (let at = 0; at < urlRanges.length; at += 2) urls.push(text.slice(urlRanges[at], urlRanges[at + 1]))
  return urls
}
