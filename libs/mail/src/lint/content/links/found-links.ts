/** The links of a message that a rule is about, as its evidence. */
import { shown, shownAll } from '../../evidence.ts'
import type { LintEvidence, LintInput } from '../../port.ts'
import { type Link, linksOf } from './links-of.ts'

/** Undefined where no link fits; otherwise how many do and where the first lead. */
export function foundLinks(input: LintInput, fits: (link: Link) => boolean): LintEvidence | undefined {
  let count = 0
  let first: string[] | undefined
  for (const link of linksOf(input)) {
    if (!fits(link)) continue
    count++
    first ??= []
    if (first.length < 5) first.push(shownLink(link))
  }
  return first === undefined ? undefined : { count, links: shownAll([...new Set(first)]) }
}

/** Without path and query, which may hold what nobody else is to read: the token that sets a password, say. */
export function shownLink({ scheme, host, port, target }: Link): string {
  if (scheme === '') return shown(target.slice(0, 40))
  if (host === '') return `${scheme}:…`
  return shown(`${scheme}://${host}${port === undefined ? '' : `:${port}`}/…`)
}

/** Somebody is to click it, or may. */
export const isClicked = (link: Link): boolean => link.where !== 'image'

export const isWeb = ({ scheme }: Link): boolean => scheme === 'http' || scheme === 'https'
