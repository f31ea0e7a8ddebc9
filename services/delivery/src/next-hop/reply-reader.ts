/** Reads SMTP replies (RFC 5321 §4.2) from chunks as they come, with bounded memory, and cleans their text. */

export interface SmtpReply {
  readonly code: number
  /** All lines without their codes, joined by a space: printable characters only, at most 500. */
  readonly text: string
}

const maxPendingBytes = 64 * 1024
const maxTextCharacters = 500

/** A reply on one line, as logs, events and DSNs show it. */
export const replyLine = (reply: SmtpReply): string => `${reply.code} ${reply.text}`.trimEnd()

/** Text of a stranger made fit for logs and DSNs: runs of control characters and spaces become one space, and it is cut. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  const clean = text.replace(/[ \u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufffd]+/g, ' ').trim()
  return clean.length > maxTextCharacters ? `${clean.slice(0, maxTextCharacters - 1)}…` : clean
}

export interface ReplyReader {
  /** Gives each complete reply to `onReply`. False when the peer does not speak SMTP, or without end. */
  push(chunk: Buffer): boolean
}

export function replyReader(onReply: (reply: SmtpReply) => void): ReplyReader {
  let remainder = ''
  let lines: string[] = []
  let pendingBytes = 0

  function takeLine(line: string): boolean {
    if (!isReplyLine(line)) return false
    lines.push(line.slice(4))
    if (line.charCodeAt(3) === 0x2d) return true
    const text = lines.length === 1 ? (lines[0] ?? '') : lines.join(' ')
    lines = []
    pendingBytes = 0
    onReply({ code: Number(line.slice(0, 3)), text: printable(decodeText(text)) })
    return true
  }

  return {
    push(chunk) {
      pendingBytes += chunk.length
      const data = remainder + chunk.toString('latin1')
      let start = 0
      for (let end = data.indexOf('\n'); end >= 0; end = data.indexOf('\n', start)) {
        const line = data.slice(start, data.charCodeAt(end - 1) === 0x0d && end > start ? end - 1 : end)
        start = end + 1
        if (!takeLine(line)) return false
      }
      remainder = start === 0 ? data : data.slice(start)
      return pendingBytes <= maxPendingBytes
    },
  }
}

const isReplyLine = (line: string): boolean => /^[2-5][0-9][0-9](?:[ -]|$)/.test(line)

/** Replies have no charset (RFC 5321 §4.2.1); UTF-8 is what is met. */
function decodeText(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) return Buffer.from(text, 'latin1').toString('utf8')
  }
  return text
}

/** The enhanced status code (RFC 3463) at the head of a reply's text, where its class fits the code. */
export function enhancedOf(reply: SmtpReply): string | undefined {
  const found = /^([245])\.(\d{1,3})\.(\d{1,3})(?= |$)/.exec(reply.text)
  return found && Number(found[1]) === Math.floor(reply.code / 100) ? found[0] : undefined
}
