/** Gathers links with the text that is seen within them, and images. */
import type { HtmlImage, HtmlLink } from './port.ts'
import { TextGatherer } from './text-gatherer.ts'

const maxKept = 500
const maxTargetChars = 2_000
const maxTextChars = 200

export class LinkGatherer {
  readonly links: HtmlLink[] = []
  readonly images: HtmlImage[] = []
  linkCount = 0
  imageCount = 0
  /** Targets that run a script. */
  scriptTargetCount = 0
  private openTarget: string | undefined
  /** Of the open link. */
  text: TextGatherer | undefined

  /** A link with text; one that is open ends here. */
  begin(target: string): void {
    this.end()
    this.count(target)
    if (this.links.length >= maxKept) return
    this.openTarget = target.slice(0, maxTargetChars)
    this.text = new TextGatherer(maxTextChars)
  }

  end(): void {
    if (this.openTarget === undefined) return
    this.links.push({ target: this.openTarget, text: this.text?.finish() ?? '', element: 'a' })
    this.openTarget = undefined
    this.text = undefined
  }

  /** A link without text of its own. */
  add(target: string, text: string, element: 'area' | 'form'): void {
    this.count(target)
    if (this.links.length < maxKept) {
      this.links.push({ target: target.slice(0, maxTargetChars), text: text.slice(0, maxTextChars), element })
    }
  }

  addImage(image: HtmlImage): void {
    this.imageCount++
    if (this.images.length < maxKept) this.images.push(image)
  }

  private count(target: string): void {
    this.linkCount++
    if (runsScript(target)) this.scriptTargetCount++
  }
}

/** Browsers leave out control characters within a scheme (URL standard §4.4). */
const runsScript = (target: string): boolean =>
  /^(?:javascript|vbscript|livescript):/i.test(target.slice(0, 64).replace(/[\0-\x20]/g, ''))
