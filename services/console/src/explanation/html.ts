/** HTML from trusted pieces and texts that are escaped. */

export interface Html {
  readonly html: string
}

type Part = Html | string | number | readonly (Html | string)[] | undefined

/** Whatever is put in is escaped, but for what is `Html` already. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: pieces.reduce((sum, piece, index) => `${sum}${textOf(parts[index - 1])}${piece}`) }
}

function textOf(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  if ('html' in part) return part.html
  return part.map(textOf).join('')
}

/** With what steers the direction of text made visible. */
const escaped = (text: string): string =>
  text
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (sign) => (sign === '\n' || sign === '\t' ? ' ' : '\ufffd'))
