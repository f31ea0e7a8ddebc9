/**
 * Names of the ledger's keys. Those of a message stand under its id as their hash tag, so that a script may touch several of
 * them, and a cluster spreads the messages.
 */
import { isMessageId } from '@sallyport/contracts'
import { dsnKey } from '../dsn-counts.ts'

export interface LedgerKeys {
  /** Hash: `split`, `verified`, and for each recipient that has an entry its number. Fails with a RangeError where it is no message id. */
  row(messageId: string): string
  /** What a row's key looks like, for SCAN. */
  readonly rows: string
  /** Its row, then the claim of each recipient: a string with the owner that expires with the lease. */
  rowAndClaims(messageId: string, recipients: readonly number[]): string[]
  /** Sorted set of the DSNs within the hour, by when. No address can be read from it. */
  dsns(application: string, address: string): string
}

export function ledgerKeys(prefix: string): LedgerKeys {
  const ofMessage = (messageId: string): string => {
    if (!isMessageId(messageId)) throw new RangeError(`not a message id: ${messageId}`)
    return `${prefix}ledger:{${messageId}}:`
  }
  const row = (messageId: string): string => `${ofMessage(messageId)}row`
  return {
    row,
    rows: `${prefix.replace(/[\\*?[\]]/g, '\\$&')}ledger:{*}:row`,
    rowAndClaims(messageId, recipients) {
      const claims = `${ofMessage(messageId)}claim:`
      return [row(messageId), ...recipients.map((recipient) => claims + recipient)]
    },
    dsns: (application, address) => `${prefix}ledger:dsn:{${Buffer.from(dsnKey(application, address)).toString('hex')}}`,
  }
}
