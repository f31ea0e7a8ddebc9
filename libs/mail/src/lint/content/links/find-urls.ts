/** Finds the URLs that are written out in a text, as mail readers make links of them. */

const maxUrls = 500
const maxUrlChars = 2_000
const maxSchemeChars = 12
/** What ends a URL within text (RFC 3986 §2, appendix C). */
const endsUrl = /[\s<>"`{}|^\u00a0\u2000-\u200b\u3000\u3001\u3002\uff0c\ufeff]/g

/** At most 500 URLs of at most 2,000 characters, with a scheme and `://` or beginning with `www.`, in order. Time is linear in the text. */
export function findUrls(text: string): readonly string[] {
  const found: string[] = []
  let from = 0
  let nextScheme = text.indexOf('://')
  let nextWww = findWww(text, 0)
  while (found.length < maxUrls && (nextScheme !== -1 || nextWww !== -1)) {
    const isScheme = nextScheme !== -1 && (nextWww === -1 || nextScheme < nextWww)
    const start = isScheme ? schemeStart(text, nextScheme, from) : nextWww
    const bodyStart = isScheme ? nextScheme + 3 : nextWww + 4
    const end = urlEnd(text, start === -1 ? bodyStart : start, bodyStart)
    if (start !== -1 && end > bodyStart) {
      found.push(text.slice(start, end))
      from = end
    } else {
      from = bodyStart
    }
    if (nextScheme !== -1 && nextScheme < from) nextScheme = text.indexOf('://', from)
    if (nextWww !== -1 && nextWww < from) nextWww = findWww(text, from)
  }
  return found
}

/** `www.` that begins a word. */
function findWww(text: string, from: number): number {
  for (let at = text.indexOf('www.', from); at !== -1; at = text.indexOf('www.', at + 4)) {
    if (at === 0 || !/[\w.@/-]/.test(text.charAt(at - 1))) return at
  }
  return -1
}

/** Where the scheme that ends before `at` begins, or −1 where there is none. */
function schemeStart(text: string, at: number, from: number): number {
  let start = at
  while (start > from && at - start < maxSchemeChars && /[a-z0-9+.-]/i.test(text.charAt(start - 1))) start--
  while (start < at && !/[a-z]/i.test(text.charAt(start))) start++
  return at - start >= 3 ? start : -1
}

/** Without the punctuation that ends a sentence, and without a closing bracket that nothing opens. */
function urlEnd(text: string, start: number, bodyStart: number): number {
  endsUrl.lastIndex = bodyStart
  const limit = Math.min(text.length, start + maxUrlChars)
  const found = endsUrl.exec(text.slice(0, limit))
  let end = found === null ? limit : found.index
  const url = text.slice(start, end)
  let unopenedRound = count(url, ')') - count(url, '(')
  let unopenedSquare = count(url, ']') - count(url, '[')
  for (; end > bodyStart; end--) {
    const last = text.charAt(end - 1)
    if (last === ')') {
      if (unopenedRound-- <= 0) break
    } else if (last === ']') {
      if (unopenedSquare-- <= 0) break
    } else if (!/[.,;:!?'*_~\u2019\u201d]/.test(last)) break
  }
  return end
}

function count(text: string, character: string): number {
  let found = 0
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) found++
  return found
}
