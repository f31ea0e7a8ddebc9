/** Takes over the events of the store's first version, in the background and in chunks: a crash between two loses nothing. */
import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MailEvent } from '@sallyport/contracts'
import type { RecordedEvent } from '../port.ts'
import { olderEvents } from './sqlite-schema.ts'

const chunkMessages = 50

interface TakeOver {
  readonly database: DatabaseSync
  readonly inTransaction: (change: () => void) => void
  readonly append: (events: readonly RecordedEvent[]) => void
  readonly signal: AbortSignal
}

/** Resolves when all of them are taken over, or at the signal: the rest then comes after the next start. */
export async function takeOverOlderEvents({ database, inTransaction, append, signal }: TakeOver): Promise<void> {
  const isThere = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = ?`).get(olderEvents) !== undefined
  if (!isThere) return
  const newest = database.prepare(`SELECT DISTINCT id FROM ${olderEvents} ORDER BY id DESC LIMIT ?`)
  const eventsOf = database.prepare(`SELECT json FROM ${olderEvents} WHERE id = ?`)
  const drop = database.prepare(`DELETE FROM ${olderEvents} WHERE id = ?`)
  for (let rest = true; rest; await nextTurn()) {
    if (signal.aborted) return
    inTransaction(() => {
      const ids = newest.all(chunkMessages)
      append(ids.flatMap(({ id }) => eventsOf.all(String(id)).map(({ json }) => recorded(String(json)))))
      for (const { id } of ids) drop.run(String(id))
      rest = ids.length > 0
    })
  }
  inTransaction(() => database.exec(`DROP TABLE ${olderEvents}`))
}

const recorded = (text: string): RecordedEvent => ({
  event: JSON.parse(text) as MailEvent,
  json: Buffer.from(text),
  partition: 0,
  offset: 0,
})
