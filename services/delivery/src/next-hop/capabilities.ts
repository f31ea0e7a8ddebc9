/** What a next hop offers, from its reply to EHLO (RFC 5321 §4.1.1.1). */

export interface Capabilities {
  readonly pipelining: boolean
  readonly eightBitMime: boolean
  readonly smtpUtf8: boolean
  readonly dsn: boolean
  readonly size: boolean
  /** 0: no limit is said. */
  readonly maxBytes: number
}

/** `reply` is the whole multi-line reply to EHLO, or the one line to HELO: then nothing is offered. */
export function parseCapabilities(reply: string): Capabilities {
  const words = new Map<string, string>()
  for (const line of reply.split(/\r?\n/).slice(1)) {
    const [keyword = '', ...parameters] = line.slice(4).trim().split(/\s+/)
    words.set(keyword.toUpperCase(), parameters.join(' '))
  }
  const size = words.get('SIZE')
  return {
    pipelining: words.has('PIPELINING'),
    eightBitMime: words.has('8BITMIME'),
    smtpUtf8: words.has('SMTPUTF8'),
    dsn: words.has('DSN'),
    size: size !== undefined,
    maxBytes: size !== undefined && /^\d{1,15}$/.test(size) ? Number(size) : 0,
  }
}
