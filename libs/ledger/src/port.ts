/** The ledger: what has been delivered to whom, and who is at it now. */

export type FinalOutcome = 'delivered' | 'bounced' | 'expired' | 'dropped'
export type AttemptOutcome = FinalOutcome | 'deferred'

export interface LedgerEntry {
  /** The last finished attempt. */
  readonly attempt: number
  readonly outcome: AttemptOutcome
}

export interface Finished {
  readonly recipient: number
  readonly attempt: number
  readonly outcome: AttemptOutcome
}

export type ClaimResult =
  | {
      readonly claimed: true /** Entries of the asked recipients that have one. */
      readonly entries: ReadonlyMap<number, LedgerEntry>
    }
  | { readonly claimed: false /** Another holds it for at most this long. */; readonly heldForMs: number }

export interface Ledger {
  /** Claims (message, recipients) for `leaseMs` (60 s) for this owner and reads their entries, in one step. */
  claim(messageId: string, recipients: readonly number[], owner: string, leaseMs: number): Promise<ClaimResult>
  /** False when the claim was lost. */
  renew(messageId: string, recipients: readonly number[], owner: string, leaseMs: number): Promise<boolean>
  /**
   * Records finished attempts and lets the claims go, in one step, durably. An older attempt never replaces a newer or final one. `isSplit`: also
   * does what `markSplit` does, since a job that was attempted came of a split.
   */
  finish(messageId: string, owner: string, finished: readonly Finished[], isSplit?: boolean): Promise<void>
  release(messageId: string, recipients: readonly number[], owner: string): Promise<void>
  entries(messageId: string, recipients: readonly number[]): Promise<ReadonlyMap<number, LedgerEntry>>
  /** Whether `markSplit` was done for this id: the first split wins, and what comes again until then is split again. */
  wasSplit(messageId: string): Promise<boolean>
  /** Survives whatever the publishes and watermarks survive that follow it. */
  markSplit(messageId: string): Promise<void>
  /** Whether `domain` and `address` passed, for messages accepted before their verdict (design §4.10). */
  recordVerifiedSender(messageId: string, verified: boolean): Promise<void>
  verifiedSender(messageId: string): Promise<boolean | undefined>
  /**
   * Counts a DSN to this address (in whatever case) for this application within the last hour; false, and nothing is
   * counted, when `perHour` were counted already. Idempotent by dsnId.
   */
  countDsn(application: string, address: string, dsnId: string, perHour: number): Promise<boolean>
  /** Forgets messages that nothing was recorded of for longer than this. Resolves with how many. */
  prune(maxAgeMs: number): Promise<number>
  close(): Promise<void>
}
