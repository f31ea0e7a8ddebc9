/** What a sink answers, as fields that a test sets at any time. */

/**
 * A reply of one or more lines without CRLF (`'250 2.0.0 Ok'`, `'250-one\n250 two'`; a `421` also closes), `'drop'`
 * (closes the connection at once), `'hang'` (answers nothing, ever), or a reply after a while.
 */
export type SinkAction = string | { readonly afterMs: number; readonly reply: string }

/** What the sink knows when it answers. */
export interface SinkSession {
  /** 1 for the first connection, and so on. */
  readonly connection: number
  readonly helo: string
  readonly isTls: boolean
  readonly user: string | undefined
  /** Address of MAIL FROM; undefined outside a transaction. */
  readonly sender: string | undefined
  /** Recipients accepted so far. */
  readonly recipients: readonly SunkRecipient[]
  /** Transactions completed on this connection before this one. */
  readonly transactions: number
}

export interface SunkRecipient {
  readonly address: string
  /** ESMTP parameters as sent, e.g. `NOTIFY=NEVER`. */
  readonly parameters: readonly string[]
}

/** A message that was answered with 2xx. */
export interface SunkMessage {
  readonly connection: number
  readonly helo: string
  readonly isTls: boolean
  readonly user: string | undefined
  /** Empty for `<>`. */
  readonly sender: string
  readonly parameters: readonly string[]
  readonly recipients: readonly SunkRecipient[]
  /** Exactly as sent, dot-unstuffed, with its last CRLF. */
  readonly content: Buffer
}

/** `undefined` from a function means the usual answer. */
type Scripted<Argument extends unknown[]> = SinkAction | ((...argument: Argument) => SinkAction | undefined) | undefined

export interface SinkReplies {
  /** Instead of the greeting. */
  greeting?: Scripted<[session: SinkSession]>
  ehlo?: Scripted<[session: SinkSession]>
  starttls?: Scripted<[session: SinkSession]>
  auth?: Scripted<[session: SinkSession]>
  mail?: Scripted<[sender: string, session: SinkSession]>
  rcpt?: Scripted<[address: string, session: SinkSession]>
  /** To the DATA command. */
  data?: Scripted<[session: SinkSession]>
  /** To the end of DATA. */
  content?: Scripted<[content: Buffer, session: SinkSession]>
  rset?: Scripted<[session: SinkSession]>
  quit?: Scripted<[session: SinkSession]>
}

export function scripted<Argument extends unknown[]>(field: Scripted<Argument>, ...argument: Argument): SinkAction | undefined {
  return typeof field === 'function' ? field(...argument) : field
}
