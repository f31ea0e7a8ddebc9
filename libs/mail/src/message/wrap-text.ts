/** Plain text for people, in lines that every mail reader shows whole. */

const maxLineChars = 76

/** The text in lines of at most 76 characters, each indented; a longer word (an address, a link) has a line of its own. Joined by LF. */
export function wrapText(text: string, indent = ''): string {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = indent
    for (const word of paragraph.split(/ +/)) {
      if (line.length > indent.length && line.length + 1 + word.length > maxLineChars) {
        lines.push(line)
        line = indent
      }
      line += line.length > indent.length ? ` ${word}` : word
    }
    lines.push(line.trimEnd())
  }
  return lines.join('\n')
}
