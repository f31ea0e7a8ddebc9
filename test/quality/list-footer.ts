/** Takes out of a text what a mailing list put into it: its footer, its advertisement, its way to unsubscribe. */

const listWords = /mailing list|\/listinfo|to unsubscribe|unsubscribe send|list maintainer|\(un\)subscription|majordomo/i
const ruler = /^(?:[>|#%: ]*)_{20,}(?:<br>|=20)?\s*$/i
const dashes = /^(?:[>|#%: ]*)-{30,}\s*$/
const signatureLine = /^(?:[>|#%: ]*)-- ?\s*$/
/** The same in a quotation that a mail client wrote as HTML. */
const marked = /_{30,}(?=[\s\S]{0,300}mailing list)[\s\S]{0,900}?(?:listinfo\/|-leave@)[^<]{0,200}<\/a>/gi
const blank = /^[>|#%:\s]*$/

/** Pure; a text without such a footer comes back as it is. Lines may end in LF or CRLF. */
export function withoutListFooter(text: string): string {
  if (!listWords.test(text) && !/yahoo! groups|sponsored by/i.test(text)) return text
  const lines = text.replace(marked, '').split('\n')
  const kept: string[] = []
  for (let at = 0; at < lines.length; ) {
    const skip = footerLines(lines, at)
    if (skip === 0) kept.push(lines[at] ?? '')
    at += Math.max(1, skip)
  }
  return kept.length === lines.length ? kept.join('\n') : `${kept.join('\n').trimEnd()}\r\n`
}

/** How many lines from `at` on are a list's; 0 = none. */
function footerLines(lines: readonly string[], at: number): number {
  const line = lines[at] ?? ''
  const next = lines[at + 1] ?? ''
  if (ruler.test(line) || signatureLine.test(line)) return paragraphOf(lines, at, listWords, 7)
  if (dashes.test(line) && /sponsored by|sf\.net|sourceforge/i.test(next)) return advertisement(lines, at)
  if (/^-{10,} ?Yahoo! Groups Sponsor/i.test(line)) return through(lines, at, /^-{10,}.*->\s*$/, 15)
  if (/^To unsubscribe from this (?:group|list)[,:]/i.test(line)) return paragraphOf(lines, at, /./, 5)
  if (/^Your use of Yahoo! Groups is subject to/i.test(line)) return 1
  if (/^[>|#%: ]*https?:\/\/\S+\/(?:mailman\/)?listinfo\/\S+\s*$/i.test(line)) return 1
  return 0
}

/** From `at` to the end of its paragraph, when one of these lines has such words. */
function paragraphOf(lines: readonly string[], at: number, words: RegExp, most: number): number {
  let end = at + 1
  while (end < lines.length && end - at < most && !blank.test(lines[end] ?? '')) end++
  return lines.slice(at, end).some((line) => words.test(line)) ? end - at : 0
}

/** A block that ends with a line like `last`; 0 when it does not end soon. */
function through(lines: readonly string[], at: number, last: RegExp, most: number): number {
  for (let end = at + 1; end < Math.min(lines.length, at + most); end++) if (last.test(lines[end] ?? '')) return end - at + 1
  return 0
}

/** An advertisement above a list's ruler goes with it; the ruler itself is found on its own. */
function advertisement(lines: readonly string[], at: number): number {
  for (let end = at + 1; end < Math.min(lines.length, at + 14); end++) {
    if (ruler.test(lines[end] ?? '') || blank.test(lines[end] ?? '')) return end - at
  }
  return 0
}
