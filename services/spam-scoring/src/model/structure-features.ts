/** The MIME tree, the HTML and the attachments as features. */
import type { HtmlFacts } from '@sallyport/mail'
import { counted, defineFact, defineToken, levelOf, logLevel } from './fact.ts'
import type { FeatureBag } from './feature-bag.ts'
import type { ScoredMessage } from './features.ts'

/** More attachments than this are counted and not looked at. */
const maxAttachments = 50

const bodies = defineToken('structure', 'bodies', (which) => `the body is ${which}`)
const attached = defineFact('structure', 'attached', (count) => counted(count, 'attachment'))
const attachedType = defineToken('structure', 'attached-type', (type) => `an attachment of type ${type}`)
const attachedEnding = defineToken('structure', 'attached-ending', (ending) => `an attachment named *.${ending}`)

const images = defineFact('layout', 'images', (count) => counted(count, 'image'))
const remoteImages = defineFact('layout', 'remote-images', (count) => `${counted(count, 'image')} loaded from elsewhere`)
const pixels = defineFact('layout', 'pixels', (count) => counted(count, 'image of one pixel', 'images of one pixel'))
const imageShare = defineFact('layout', 'image-share', (chars) => `an image for each ${Math.round(chars)} characters of text`)
const hidden = defineFact('layout', 'hidden', (chars) => `${counted(chars, 'character')} of hidden text`)
const scripts = defineFact('layout', 'scripts', (count) => counted(count, 'script'))
const forms = defineFact('layout', 'forms', (count) => counted(count, 'form'))
const frames = defineFact('layout', 'frames', (count) => counted(count, 'frame'))
const active = defineFact('layout', 'active', (count) => counted(count, 'event handler'))
const refresh = defineFact('layout', 'refresh', () => 'the HTML sends the reader elsewhere by itself')
const base = defineFact('layout', 'base', () => 'the HTML sets a base for its links')
const comments = defineFact('layout', 'comments', (count) => `${counted(count, 'byte')} of HTML comments`)
const tagDensity = defineFact('layout', 'tag-density', (share) => `an HTML tag for each ${Math.round(share)} characters of text`)
const untold = defineFact('layout', 'untold', () => 'the plain text says much less than the HTML')

/** Adds what the structure tells. `visibleChars` is the length of the text that a reader sees. */
export function addStructure(bag: FeatureBag, input: ScoredMessage, visibleChars: number): void {
  bag.addToken(
    bodies,
    input.htmlPart ? (input.plainPart ? 'plain text and HTML' : 'HTML alone') : input.plainPart ? 'plain text' : 'no text',
  )
  bag.addFact(attached, logLevel(input.attachments.length), input.attachments.length)
  let looked = 0
  for (const part of input.attachments) {
    if (looked++ >= maxAttachments) break
    bag.addToken(attachedType, part.mediaType.slice(0, 60))
    const ending = /\.([A-Za-z0-9]{1,8})$/.exec(part.fileName?.slice(-12) ?? '')?.[1]?.toLowerCase()
    if (ending !== undefined) bag.addToken(attachedEnding, ending)
  }
  if (input.html) addHtml(bag, input.html, visibleChars, input.plainPart ? input.plainText.length : -1)
}

function addHtml(bag: FeatureBag, html: HtmlFacts, visibleChars: number, plainChars: number): void {
  let remote = 0
  let pixelCount = 0
  for (const image of html.images) {
    if (/^(?:https?:)?\/\//i.test(image.source)) remote++
    if (image.width !== undefined && image.height !== undefined && image.width <= 1 && image.height <= 1) pixelCount++
  }
  bag.addFact(images, logLevel(html.imageCount), html.imageCount)
  bag.addFact(remoteImages, logLevel(remote), remote)
  bag.addFact(pixels, logLevel(pixelCount), pixelCount)
  if (html.imageCount > 0) {
    bag.addFact(imageShare, 4 - levelOf(visibleChars / html.imageCount, [30, 100, 300, 1_000]), visibleChars / html.imageCount)
  }
  // A preheader is hidden by everybody's newsletter software.
  const hiddenChars = Math.max(0, html.hiddenText.length - html.preheaderChars)
  bag.addFact(hidden, levelOf(hiddenChars, [1, 150, 500, 2_000]), hiddenChars)
  bag.addFact(scripts, logLevel(html.scriptCount), html.scriptCount)
  bag.addFact(forms, logLevel(html.formCount), html.formCount)
  bag.addFact(frames, logLevel(html.iframeCount), html.iframeCount)
  bag.addFact(active, logLevel(html.activeCount), html.activeCount)
  bag.addFact(refresh, html.hasMetaRefresh ? 1 : 0, 1)
  bag.addFact(base, html.baseTarget === undefined ? 0 : 1, 1)
  bag.addFact(comments, levelOf(html.commentBytes, [1, 200, 1_000]), html.commentBytes)
  if (html.tagCount > 0)
    bag.addFact(tagDensity, 5 - levelOf(visibleChars / html.tagCount, [3, 8, 20, 50, 150]), visibleChars / html.tagCount)
  if (plainChars >= 0) bag.addFact(untold, visibleChars > 200 && plainChars < visibleChars / 4 ? 1 : 0, 1)
}
