/** All links of a message with where they lead, found once for every rule that asks. */
import { kept } from '../../kept.ts'
import type { LintInput } from '../../port.ts'
import { findUrls } from './find-urls.ts'
import { organizationalDomain } from './organizational-domain.ts'
import { readTarget, type Target } from './target.ts'

/** `html` is a link that is clicked, `form` where a form is sent, `image` what is fetched when the mail is shown, `text` a URL written out. */
export type LinkPlace = 'html' | 'form' | 'image' | 'text'

export interface Link extends Target {
  readonly where: LinkPlace
  /** As written, at most 2,000 characters. */
  readonly target: string
  /** What the reader sees of it, or an image's alternative text. */
  readonly text: string
  /** The organizational domain of the host; empty where there is no host. */
  readonly domain: string
}

const maxTextChars = 262_144

/**
 * At most 500 of each place, in order: those of the HTML body, its images, and the URLs written out in the plain body and in the
 * visible text of the HTML body that are no link there. Never throws; found once for each input.
 */
export const linksOf: (input: LintInput) => readonly Link[] = kept((input) => {
  const links: Link[] = []
  const { html } = input
  const known = new Set<string>()
  if (html !== undefined) {
    for (const { target, text, element } of html.links) {
      known.add(target)
      links.push(readLink(element === 'form' ? 'form' : 'html', target, text))
    }
    for (const { source, alt } of html.images) links.push(readLink('image', source, alt ?? ''))
  }
  addWritten(links, known, input.plainText)
  if (html !== undefined) addWritten(links, known, html.visibleText)
  return links
})

function addWritten(links: Link[], known: Set<string>, text: string): void {
  if (!text.includes('://') && !text.includes('www.')) return
  for (const url of findUrls(text.length > maxTextChars ? text.slice(0, maxTextChars) : text)) {
    if (known.has(url)) continue
    known.add(url)
    links.push(readLink('text', url, ''))
  }
}

function readLink(where: LinkPlace, target: string, text: string): Link {
  const { scheme, host, port, userInfo, addressForm, isHostEncoded } = readTarget(target)
  const domain = host === '' || addressForm !== undefined ? host : organizationalDomain(host)
  return { where, target, text, scheme, host, port, userInfo, addressForm, isHostEncoded, domain }
}
