/** The quarantine as this process knows it: every row of `mail.held`, without the header block that the table carries. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bus } from '@sallyport/bus'
import { type Held, heldCodec, topics } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'

export interface HeldRows {
  readonly loaded: Promise<void>
  get(messageId: string): Held | undefined
  /** Resolves with the row, also when it comes within `waitMs`; at once with undefined where it is known that it went. */
  find(messageId: string, waitMs: number): Promise<Held | undefined>
  /** Ids whose hold has ended by time. */
  expired(nowMs: number): readonly string[]
  /** The longest that any of them is kept, ms. */
  longestKeepMs(): number
  readonly size: number
  stop(): Promise<void>
}

interface Row {
  readonly expiresAt: number
  readonly keepMs: number
  /** The record alone: thousands of rows may stand. */
  readonly encoded: Uint8Array
}

const pollMs = 50
const rememberedGone = 10_000

export async function followHeld(bus: Bus, log: RolePorts['log']): Promise<HeldRows> {
  const rows = new Map<string, Row>()
  /** Ids whose rows went last. */
  const gone = new Set<string>()
  const get = (messageId: string): Held | undefined => {
    const row = rows.get(messageId)
    return row && heldCodec.decode(row.encoded).record
  }

  function went(id: string): void {
    rows.delete(id)
    gone.delete(id)
    gone.add(id)
    for (const oldest of gone) {
      if (gone.size <= rememberedGone) break
      gone.delete(oldest)
    }
  }

  const table = await bus.table({
    topic: topics.held.name,
    onRow(key, value) {
      if (value === null) return went(key)
      gone.delete(key)
      try {
        const { record } = heldCodec.decode(value)
        rows.set(key, { expiresAt: record.expiresAt, keepMs: record.expiresAt - record.heldAt, encoded: heldCodec.encode(record) })
      } catch (error) {
        log.error({ err: error, id: key }, 'a held message cannot be read: its row stays, but nothing can be done with it')
      }
    },
  })
  return {
    loaded: table.loaded,
    get,
    async find(messageId, waitMs) {
      const endMs = performance.now() + waitMs
      while (!rows.has(messageId) && !gone.has(messageId) && performance.now() < endMs) await sleep(pollMs)
      return get(messageId)
    },
    expired: (nowMs) => [...rows].filter(([, row]) => row.expiresAt <= nowMs).map(([id]) => id),
    longestKeepMs: () => [...rows.values()].reduce((longest, row) => Math.max(longest, row.keepMs), 0),
    get size() {
      return rows.size
    },
    stop: () => table.stop(),
  }
}
