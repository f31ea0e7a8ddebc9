/** Messages as they are kept: put together from their events. */
import type { MessageRecord } from '@sallyport/contracts'
import { assembleMessage } from '../assemble-message.ts'
import { unpackEvents } from '../event-json.ts'
import type { Reading } from './tables.ts'

/** Everything known of these messages, by id, in one question; one of which nothing is known is missing. */
export async function keptMessages(
  { db, idValue, idText }: Reading,
  ids: readonly string[],
): Promise<ReadonlyMap<string, MessageRecord>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('events').select(['id', 'json']).where('id', 'in', ids.map(idValue)).execute()
  const byId = Map.groupBy(rows, ({ id }) => idText(id))
  return new Map(
    [...byId].flatMap(([id, events]): [string, MessageRecord][] => {
      const message = assembleMessage(events.flatMap(({ json }) => unpackEvents(json)))
      return message ? [[id, message]] : []
    }),
  )
}
