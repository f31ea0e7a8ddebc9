/** The port to a next hop: what a transaction is given, and how each recipient of it ended. */

export type TlsMode = 'opportunistic' | 'required' | 'implicit' | 'off'

export interface Hop {
  readonly host: string
  readonly port: number
}

/** Where and how the mail of one route goes. `key` tells routes apart whose connections must not be mixed. */
export interface SmarthostTarget {
  readonly key: string
  /** In order of preference; the next when one fails. */
  readonly hops: readonly Hop[]
  readonly tls: TlsMode
  readonly user?: string
  /** Name of the secret with the password of `user`, or without one with `user:password`. */
  readonly secret?: string
  /** At once, in all. */
  readonly connections: number
  /** False: even where it is offered, it is not used. */
  readonly pipelining: boolean
}

export interface TransactionRecipient {
  readonly index: number
  readonly address: string
  readonly notify?: readonly string[]
  readonly originalRecipient?: string
}

/** One message for one next hop (RFC 5321 §3.3). */
export interface Transaction {
  readonly sender: string
  readonly recipients: readonly TransactionRecipient[]
  readonly contentBytes: number
  /** The content as received: its chunks, byte for byte. Called again for each connection that is tried. */
  readonly content: () => Uint8Array | AsyncIterable<Uint8Array>
  /** The client declared BODY=8BITMIME, or the content has octets above 127. Undefined: not declared, and nobody has looked. */
  readonly is8Bit: boolean | undefined
  /** Addresses or header fields need SMTPUTF8 (RFC 6531 §3.2), not merely: the client declared it. */
  readonly needsSmtpUtf8: boolean
  readonly ret?: 'FULL' | 'HDRS'
  readonly envelopeId?: string
}

export interface RecipientOutcome {
  readonly index: number
  readonly outcome: 'delivered' | 'deferred' | 'bounced'
  /** Code, enhanced code and text on one line of printable characters. */
  readonly reply: string
}

export interface TransactionResult {
  /** host:port that answered; empty where none did. */
  readonly nextHop: string
  readonly tls?: string
  /** The next hop takes DSN parameters, and so the duty to notify (RFC 3461 §5.2.2). */
  readonly takesDsn: boolean
  readonly recipients: readonly RecipientOutcome[]
}

/** A transaction's place among the connections of its destination. */
export interface Place {
  /**
   * Resolves when the place is its own. Until then it may only follow on a connection whose transaction waits for the reply to its
   * content (RFC 2920 §3.1: what follows may be sent with the end of the content). Absent where it has had its own from the start.
   */
  readonly free?: Promise<void>
  /** The content went out on a connection that another may follow on. True where one does. */
  contentSent(): boolean
}

/** Delivers by SMTP. Never throws: what cannot be reached is `deferred` with the reason as its reply. */
export interface NextHopClient {
  /** Without `place` it has one, and nobody follows. */
  deliver(target: SmarthostTarget, transaction: Transaction, place?: Place): Promise<TransactionResult>
}

export const hopName = (hop: Hop): string => (hop.host.includes(':') ? `[${hop.host}]:${hop.port}` : `${hop.host}:${hop.port}`)
