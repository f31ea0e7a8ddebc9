/** MAIL and RCPT lines taken apart (RFC 5321 §4.1.1.2, §4.1.1.3): a path in angle brackets and parameters. */

export interface PathCommand {
  /** Between the angle brackets (where there are any), as written, without a source route. */
  readonly path: string
  /** Keywords in upper case; `true` where there is no `=`. */
  readonly parameters: ReadonlyMap<string, string | true>
}

export type PathFault = { readonly fault: 'syntax' } | { readonly fault: 'duplicate'; readonly name: string }

/** Paths are printable; what is quoted may hold `>` and spaces. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const form = /^(?:MAIL FROM|RCPT TO): *<((?:"(?:[^"\\\0-\x1f\x7f]|\\[ -~])*"|[^<>"\s\0-\x1f\x7f])*)>(?: +(.*))?$/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const printable = /^[^\0-\x1f\x7f]*$/
/** Old devices leave the brackets out. */
const barePath = /^((?:MAIL FROM|RCPT TO): *)([^<>"\s]+@[^<>"\s]+)(?= |$)/i
const keyword = /^[A-Za-z0-9][A-Za-z0-9-]*$/
const none: ReadonlyMap<string, string | true> = new Map()

/**
 * Decodes the line as UTF-8; what is none is a fault. White space after the colon and a path without brackets are taken, as
 * many clients send them.
 */
export function parsePathCommand(line: Buffer): PathCommand | PathFault {
  const text = line.toString('utf8').trimEnd()
  if (text.includes('\ufffd')) return { fault: 'syntax' }
  const match = form.exec(text.replace(barePath, '$1<$2>'))
  if (match === null) return { fault: 'syntax' }
  const path = withoutRoute(match[1] ?? '')
  const rest = match[2]
  if (!rest) return { path, parameters: none }
  const parameters = new Map<string, string | true>()
  for (const word of rest.split(/ +/)) {
    const equals = word.indexOf('=')
    const name = (equals === -1 ? word : word.slice(0, equals)).toUpperCase()
    if (!word || !keyword.test(name) || !printable.test(word)) return { fault: 'syntax' }
    if (parameters.has(name)) return { fault: 'duplicate', name }
    parameters.set(name, equals === -1 ? true : word.slice(equals + 1))
  }
  return { path, parameters }
}

/** `@a,@b:user@c` is `user@c` (RFC 5321 §4.1.1.3, appendix C). */
const withoutRoute = (path: string): string => (path.startsWith('@') ? path.slice(path.indexOf(':') + 1) : path)
