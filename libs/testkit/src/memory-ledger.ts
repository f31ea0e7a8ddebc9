/** The ledger in memory. */
import { SallyportError } from '@sallyport/contracts'
import type { Ledger, LedgerEntry } from '@sallyport/ledger'
import type { Clock } from '@sallyport/runtime'

export interface MemoryLedger extends Ledger {
  readonly faults: {
    /** An error fails this call, before anything changes. */
    call?: ((method: keyof Ledger, messageId: string) => Error | undefined) | undefined
  }
  /** Loses every claim, as a crash does. */
  loseClaims(): void
  /** Loses everything, as Redis may. */
  loseEverything(): void
}

interface Claim {
  readonly owner: string
  readonly until: number
}

/** `clock`: `elapsed` for leases, `now` for ages. */
export function memoryLedger(clock: Clock = { now: Date.now, elapsed: () => performance.now() }): MemoryLedger {
  const faults: MemoryLedger['faults'] = {}
  const entries = new Map<string, Map<number, LedgerEntry>>()
  const touchedAt = new Map<string, number>()
  const claims = new Map<string, Claim>()
  const splits = new Map<string, number>()
  const verified = new Map<string, { verified: boolean; at: number }>()
  const dsns = new Map<string, Map<string, number>>()

  function check(method: keyof Ledger, messageId: string): void {
    const fault = faults.call?.(method, messageId)
    if (fault) throw fault
  }
  const liveClaim = (messageId: string, recipient: number): Claim | undefined => {
    const claim = claims.get(`${messageId}/${recipient}`)
    return claim && claim.until > clock.elapsed() ? claim : undefined
  }
  function read(messageId: string, recipients: readonly number[]): ReadonlyMap<number, LedgerEntry> {
    const found = new Map<number, LedgerEntry>()
    for (const recipient of recipients) {
      const entry = entries.get(messageId)?.get(recipient)
      if (entry) found.set(recipient, entry)
    }
    return found
  }

  return {
    faults,
    loseClaims: () => claims.clear(),
    loseEverything() {
      for (const map of [entries, touchedAt, claims, splits, verified, dsns]) map.clear()
    },
    async claim(messageId, recipients, owner, leaseMs) {
      check('claim', messageId)
      const others = recipients.flatMap((recipient) => {
        const claim = liveClaim(messageId, recipient)
        return claim && claim.owner !== owner ? [claim.until - clock.elapsed()] : []
      })
      if (others.length > 0) return { claimed: false, heldForMs: Math.max(...others) }
      for (const recipient of recipients) claims.set(`${messageId}/${recipient}`, { owner, until: clock.elapsed() + leaseMs })
      return { claimed: true, entries: read(messageId, recipients) }
    },
    async renew(messageId, recipients, owner, leaseMs) {
      check('renew', messageId)
      if (!recipients.every((recipient) => liveClaim(messageId, recipient)?.owner === owner)) return false
      for (const recipient of recipients) claims.set(`${messageId}/${recipient}`, { owner, until: clock.elapsed() + leaseMs })
      return true
    },
    async finish(messageId, owner, finished, isSplit = false) {
      check('finish', messageId)
      if (isSplit) splits.set(messageId, clock.now())
      const row = entries.get(messageId) ?? new Map<number, LedgerEntry>()
      entries.set(messageId, row)
      touchedAt.set(messageId, clock.now())
      for (const { recipient, attempt, outcome } of finished) {
        const before = row.get(recipient)
        if (!before || (before.outcome === 'deferred' && attempt > before.attempt)) row.set(recipient, { attempt, outcome })
        if (claims.get(`${messageId}/${recipient}`)?.owner === owner) claims.delete(`${messageId}/${recipient}`)
      }
    },
    async release(messageId, recipients, owner) {
      check('release', messageId)
      for (const recipient of recipients) {
        if (claims.get(`${messageId}/${recipient}`)?.owner === owner) claims.delete(`${messageId}/${recipient}`)
      }
    },
    async entries(messageId, recipients) {
      check('entries', messageId)
      return read(messageId, recipients)
    },
    async wasSplit(messageId) {
      check('wasSplit', messageId)
      return splits.has(messageId)
    },
    async markSplit(messageId) {
      check('markSplit', messageId)
      splits.set(messageId, clock.now())
    },
    async recordVerifiedSender(messageId, isVerified) {
      check('recordVerifiedSender', messageId)
      verified.set(messageId, { verified: isVerified, at: clock.now() })
    },
    async verifiedSender(messageId) {
      check('verifiedSender', messageId)
      return verified.get(messageId)?.verified
    },
    async countDsn(application, address, dsnId, perHour) {
      check('countDsn', dsnId)
      const pair = JSON.stringify([application, address.toLowerCase()])
      const counted = dsns.get(pair) ?? new Map<string, number>()
      dsns.set(pair, counted)
      for (const [id, at] of counted) if (clock.now() - at >= 3_600_000) counted.delete(id)
      if (counted.has(dsnId)) return true
      if (counted.size >= perHour) return false
      counted.set(dsnId, clock.now())
      return true
    },
    async prune(maxAgeMs) {
      const isOld = (at: number): boolean => clock.now() - at > maxAgeMs
      let count = 0
      for (const [id, at] of touchedAt) if (isOld(at)) count += Number(entries.delete(id) && touchedAt.delete(id))
      for (const [id, at] of splits) if (isOld(at)) count += Number(splits.delete(id))
      for (const [id, { at }] of verified) if (isOld(at)) count += Number(verified.delete(id))
      return count
    },
    close: async () => {},
  }
}

/** The error of a ledger that cannot be reached, for `faults.call`. */
export const ledgerUnavailable = (): SallyportError =>
  new SallyportError('LEDGER_UNAVAILABLE', 'the ledger is made to fail by the test')
