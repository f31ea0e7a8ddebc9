/**
 * What a PDF does by itself, told from the same names in its text (`HTML/JS development`): the type of an action, a tree of scripts, and
 * a script by itself (ISO 32000-1 §7.7.4, §12.6.4).
 */

const actions: readonly (readonly [string, RegExp])[] = [
  ['JavaScript', /\/S\s{0,20}\/JavaScript(?![A-Za-z0-9])|\/JavaScript\s{0,20}(?:<<|\d{1,10}\s{1,20}\d{1,10}\s{1,20}R)/],
  ['JS', /\/JS\s{0,20}(?:[(<]|\d{1,10}\s{1,20}\d{1,10}\s{1,20}R)/],
  ['Launch', /\/S\s{0,20}\/Launch(?![A-Za-z0-9])/],
]

/** `JavaScript`, `JS`, `Launch`: what is seen in these pieces of the file. What is in compressed objects is not. */
export function pdfActions(pieces: readonly Buffer[]): string[] {
  return [...new Set(pieces.flatMap(actionsIn))]
}

function actionsIn(piece: Buffer): string[] {
  const isEscaped = hasEscapedLetter(piece)
  if (!isEscaped && !actions.some(([name]) => piece.includes(`/${name}`))) return []
  const written = piece.toString('latin1')
  const text = isEscaped ? written.replace(/\/(?:[A-Za-z]|#[0-9A-Fa-f]{2}){1,40}/g, plainName) : written
  return actions.flatMap(([name, pattern]) => (pattern.test(text) ? [name] : []))
}

/** `/J#61vaScript` is `/JavaScript` (ISO 32000-1 §7.3.5). */
const plainName = (name: string): string =>
  name.replace(/#([0-9A-Fa-f]{2})/g, (written, hex: string) => {
    const letter = String.fromCharCode(Number.parseInt(hex, 16))
    return /[A-Za-z]/.test(letter) ? letter : written
  })

const numberSign = 0x23
const escapedLetters = new Set(Array.from(Buffer.from('JavaScriptLaunch'), (code) => code.toString(16)))

/** A letter of these names that is escaped within a name. Compressed data hardly ever looks so, and is not made text for it. */
function hasEscapedLetter(piece: Buffer): boolean {
  for (let at = piece.indexOf(numberSign); at !== -1; at = piece.indexOf(numberSign, at + 1)) {
    // No letter begins with another digit: that spares most of the look.
    const digit = piece[at + 1] ?? 0
    if (digit < 0x34 || digit > 0x37) continue
    if (!escapedLetters.has(piece.toString('latin1', at + 1, at + 3).toLowerCase())) continue
    if (/[/A-Za-z0-9]/.test(piece.toString('latin1', Math.max(0, at - 1), at))) return true
  }
  return false
}
