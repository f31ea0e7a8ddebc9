/**
 * The ledger on Redis, shared by every process that delivers. Where Redis loses its data, the deliveries in flight may happen
 * twice, never less than once: what is missing here is taken for not yet done. A message takes some 250 bytes for as long as
 * it is kept, and a little for each further recipient.
 */
import { type CallEnded, isMessageId } from '@sallyport/contracts'
import { openRedis, type RedisChange, type RedisServer } from '@sallyport/redis'
import type { Ledger } from '../port.ts'
import { claimScript, releaseScript, renewScript } from './claim-scripts.ts'
import { countDsnScript } from './dsn-script.ts'
import { ledgerKeys } from './ledger-keys.ts'
import { entriesOf, fields } from './row-fields.ts'
import { finishScript, noteScript, pruneScript } from './row-scripts.ts'

export interface RedisLedgerOptions {
  /** Redis 6 or later, without modules. It should keep its data on disk (`appendonly yes`). */
  readonly redis: RedisServer
  /** What every key begins with: gateways that share a Redis have one each. Default `sallyport:`. */
  readonly prefix?: string
  /**
   * How long a message is kept after the last that was recorded of it, ms: Redis forgets it then by itself. Default 23 days; what `prune`
   * asks for counts where it is longer.
   */
  readonly keepMs?: number
  /** After which Redis counts as not answering, ms. Default 1,000. */
  readonly callTimeoutMs?: number
  /** Told once when Redis goes away, and once when it is back. */
  readonly onChange?: (change: RedisChange) => void
  readonly onCall?: CallEnded | undefined
}

const defaultKeepMs = 23 * 24 * 3_600_000
const scannedAtOnce = 1_000

/** Opens at once, whether Redis is there or not; calls fail with LEDGER_UNAVAILABLE within twice `callTimeoutMs`. Fails with CONFIG_INVALID. */
export function openRedisLedger({ redis, prefix = 'sallyport:', keepMs = defaultKeepMs, ...options }: RedisLedgerOptions): Ledger {
  const connection = openRedis({ ...options, redis, purpose: 'the ledger', unavailable: 'LEDGER_UNAVAILABLE' })
  const keys = ledgerKeys(prefix)

  const note = async (messageId: string, field: string, value: string): Promise<void> => {
    await connection.run(noteScript, [keys.row(messageId)], [field, value, keepMs])
  }
  const read = (messageId: string, field: string): Promise<string | null> => {
    const row = keys.row(messageId)
    return connection.call('HGET', (client) => client.hget(row, field))
  }

  return {
    async claim(messageId, recipients, owner, leaseMs) {
      const words = [owner, leaseMs, ...recipients]
      const reply = await connection.run(claimScript, keys.rowAndClaims(messageId, recipients), words)
      if (typeof reply === 'number') return { claimed: false, heldForMs: reply }
      return { claimed: true, entries: entriesOf(recipients, reply) }
    },
    async renew(messageId, recipients, owner, leaseMs) {
      return (await connection.run(renewScript, keys.rowAndClaims(messageId, recipients), [owner, leaseMs])) === 1
    },
    async finish(messageId, owner, finished, isSplit = false) {
      const recipients = finished.map(({ recipient }) => recipient)
      const words = finished.flatMap(({ recipient, attempt, outcome }) => [recipient, attempt, outcome])
      await connection.run(finishScript, keys.rowAndClaims(messageId, recipients), [owner, keepMs, isSplit ? 1 : 0, ...words])
    },
    async release(messageId, recipients, owner) {
      await connection.run(releaseScript, keys.rowAndClaims(messageId, recipients), [owner])
    },
    async entries(messageId, recipients) {
      const row = keys.row(messageId)
      if (recipients.length === 0) return new Map()
      return entriesOf(recipients, await connection.call('HMGET', (client) => client.hmget(row, ...recipients.map(String))))
    },
    async wasSplit(messageId) {
      return (await read(messageId, fields.split)) !== null
    },
    markSplit: (messageId) => note(messageId, fields.split, '1'),
    recordVerifiedSender: (messageId, verified) => note(messageId, fields.verified, verified ? '1' : '0'),
    async verifiedSender(messageId) {
      const value = await read(messageId, fields.verified)
      return value === null ? undefined : value === '1'
    },
    async countDsn(application, address, dsnId, perHour) {
      if (!isMessageId(dsnId)) throw new RangeError(`not a message id: ${dsnId}`)
      return (await connection.run(countDsnScript, [keys.dsns(application, address)], [dsnId, perHour])) === 1
    },
    async prune(maxAgeMs) {
      if (maxAgeMs >= keepMs) {
        // Redis does it by itself; what is recorded from now on is kept for as long as this.
        keepMs = maxAgeMs
        return 0
      }
      let deleted = 0
      let cursor = '0'
      do {
        const from = cursor
        const [next, rows] = await connection.call('SCAN', (client) =>
          client.scan(from, 'MATCH', keys.rows, 'COUNT', scannedAtOnce),
        )
        const replies = await Promise.all(rows.map((row) => connection.run(pruneScript, [row], [maxAgeMs])))
        deleted += replies.filter((reply) => reply === 1).length
        cursor = next
      } while (cursor !== '0')
      return deleted
    },
    close: () => connection.close(),
  }
}
