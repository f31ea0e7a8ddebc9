/** What a delivery status notification is made from (RFC 3464). */

export type DsnAction = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'

export interface DsnRecipient {
  /** Envelope recipient, without angle brackets. */
  readonly finalRecipient: string
  /** Decoded ORCPT, `type;address`. */
  readonly originalRecipient?: string | undefined
  readonly action: DsnAction
  /** RFC 3463, such as `5.1.1`. Taken from `diagnosticCode` where it is not well formed. */
  readonly status: string
  /** What the next hop replied, or in words why we gave up. */
  readonly diagnosticCode?: string | undefined
  /** Host name of the next hop that said so. */
  readonly remoteMta?: string | undefined
  /** Times in ms since the epoch. */
  readonly lastAttempt?: number | undefined
  readonly willRetryUntil?: number | undefined
}

export interface DsnFacts {
  /** Of the DSN itself: becomes its Message-ID. */
  readonly id: string
  readonly date: number
  /** Our host name. */
  readonly reportingMta: string
  /** Header From: a mailbox, with or without a display name. */
  readonly from: string
  /** Envelope sender of the original message; never the null sender. */
  readonly to: string
  /** ENVID, decoded. */
  readonly originalEnvelopeId?: string | undefined
  readonly arrivalDate?: number | undefined
  /** At least one. */
  readonly recipients: readonly DsnRecipient[]
  /**
   * The original message: its whole content, or at least its header block. `full` is what RET=FULL asked for; only the header is returned
   * where the content is over `maxReturnedBytes`, or could not travel as it is (a line over 998 octets, NUL).
   */
  readonly returned: { readonly kind: 'headers' | 'full'; readonly bytes: Uint8Array }
  /** The original message came with SMTPUTF8, so its sender understands RFC 6533. */
  readonly smtpUtf8: boolean
}

/** A message is returned whole up to this length, so that a DSN travels inline. */
export const maxReturnedBytes = 48_000
/** A returned header is cut behind the last line that ends within this length: encoded it is up to three times as long. */
export const maxReturnedHeaderBytes = 16_000
