/** Dates of header fields (RFC 5322 §3.3 and, for reading, §4.3). */

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const form =
  /^(?:[a-z]{3,9}\s*,?\s*)?([0-9]{1,2})\s+([a-z]{3})[a-z]*\s+([0-9]{2,4})\s+([0-9]{1,2})\s*:\s*([0-9]{2})(?:\s*:\s*([0-9]{2}))?(?:\s+(?:([+-])([0-9]{2})([0-9]{2})|([a-z]{1,5})))?\s*$/i
const zoneHours: Readonly<Record<string, number>> = { EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 }

let lastSecond = Number.NaN
let lastText = ''

/** A time as RFC 5322 writes it, in UTC: `Tue, 25 Nov 2025 00:12:00 +0000`. */
export function formatDate(timeMs: number): string {
  const second = Math.floor(timeMs / 1_000)
  if (second !== lastSecond) {
    lastText = new Date(second * 1_000).toUTCString().replace('GMT', '+0000')
    lastSecond = second
  }
  return lastText
}

/** The time of a date field, ms since the epoch; undefined where it is none. Comments are skipped, zones without meaning are UTC (§4.3). */
export function parseDate(value: string): number | undefined {
  if (value.length > 1_000) return undefined
  const match = form.exec(withoutComments(value).trim())
  if (!match) return undefined
  const day = Number(match[1])
  const month = months.findIndex((name) => name.toLowerCase() === match[2]?.toLowerCase())
  const digits = match[3] ?? ''
  // §4.3: two digits are 1950–2049, three are since 1900.
  const year = Number(digits) + (digits.length === 2 ? (Number(digits) < 50 ? 2_000 : 1_900) : digits.length === 3 ? 1_900 : 0)
  const hour = Number(match[4])
  const minute = Number(match[5])
  const second = Number(match[6] ?? 0)
  if (month === -1 || hour > 23 || minute > 59 || second > 60) return undefined
  const local = Date.UTC(year, month, day, hour, minute, second)
  if (year < 1_900 || day < 1 || new Date(Date.UTC(year, month, day)).getUTCDate() !== day) return undefined
  const offsetMinutes = match[7]
    ? (Number(match[8]) * 60 + Number(match[9])) * (match[7] === '-' ? -1 : 1)
    : (zoneHours[match[10]?.toUpperCase() ?? ''] ?? 0) * 60
  return local - offsetMinutes * 60_000
}

/** Each comment becomes a space. */
function withoutComments(text: string): string {
  if (!text.includes('(')) return text
  let plain = ''
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '(') depth++
    else if (character === ')' && depth > 0) {
      if (--depth === 0) plain += ' '
    } else if (depth === 0) plain += character
    else if (character === '\\') at++
  }
  return plain
}
