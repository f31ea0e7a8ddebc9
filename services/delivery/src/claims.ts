/** Claims on recipients in the ledger, renewed by one shared interval while their transaction runs. */
import { RenewedMap } from '@sallyport/contracts'
import type { Ledger, LedgerEntry } from '@sallyport/ledger'
import type { Clock, RolePorts } from '@sallyport/runtime'

export interface Claim {
  readonly messageId: string
  readonly recipients: readonly number[]
  readonly owner: string
}

export type ClaimAttempt =
  /** `held: false`: the ledger is down, and the job goes on without a claim. */
  | { readonly kind: 'go'; readonly claim: Claim; readonly held: boolean; readonly entries: ReadonlyMap<number, LedgerEntry> }
  | { readonly kind: 'wait'; readonly forMs: number }

export interface Claims {
  take(messageId: string, recipients: readonly number[]): Promise<ClaimAttempt>
  /** The ledger has let it go (`finish`), or it is given up. No more renewals. */
  forget(claim: Claim): void
  /** Gives it up without an outcome. Never throws: it ends by itself. */
  release(claim: Claim): Promise<void>
  stop(): void
}

export interface ClaimsOptions {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly log: RolePorts['log']
  readonly instance: string
  readonly claimMs: number
  readonly onLedgerDown: () => void
}

/** Each claim has an owner of its own, so that two jobs of one process for the same recipients exclude each other, too. */
export function ledgerClaims(options: ClaimsOptions): Claims {
  const { ledger, clock, claimMs } = options
  const renewals = new RenewedMap<Claim, number>()
  let sequence = 0
  const interval = setInterval(renewAll, Math.max(10, Math.floor(claimMs / 3)))
  interval.unref()

  function renewAll(): void {
    const before = clock.elapsed() - claimMs / 4
    for (const [claim, takenAtMs] of renewals) {
      if (takenAtMs > before) continue
      renewals.set(claim, clock.elapsed())
      ledger.renew(claim.messageId, claim.recipients, claim.owner, claimMs).then(
        (stands) => {
          if (!stands) options.log.warn({ id: claim.messageId }, 'a claim was lost while its message was being sent')
        },
        (error: unknown) => options.log.warn({ err: error, id: claim.messageId }, 'a claim could not be renewed'),
      )
    }
  }

  return {
    async take(messageId, recipients) {
      const claim = { messageId, recipients, owner: `${options.instance}/${++sequence}` }
      try {
        const result = await ledger.claim(messageId, recipients, claim.owner, claimMs)
        if (!result.claimed) return { kind: 'wait', forMs: result.heldForMs }
        renewals.set(claim, clock.elapsed())
        return { kind: 'go', claim, held: true, entries: result.entries }
      } catch (error) {
        options.log.warn({ err: error, id: messageId }, 'the ledger is down: the message is sent without a claim')
        options.onLedgerDown()
        return { kind: 'go', claim, held: false, entries: new Map() }
      }
    },
    forget(claim) {
      renewals.delete(claim)
    },
    async release(claim) {
      if (!renewals.delete(claim)) return
      try {
        await ledger.release(claim.messageId, claim.recipients, claim.owner)
      } catch (error) {
        options.log.warn({ err: error, id: claim.messageId }, 'a claim could not be let go and ends by itself')
      }
    },
    stop: () => clearInterval(interval),
  }
}

/** True when this attempt on this recipient was made already, or none is needed any more. */
export const isDuplicate = (entry: LedgerEntry | undefined, attempt: number): boolean =>
  entry !== undefined && (entry.outcome !== 'deferred' || attempt <= entry.attempt)
