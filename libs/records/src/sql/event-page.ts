/** Everything that is kept, in pages of whole messages: for a backup. */
import type { EventPage } from '../answers.ts'
import { cursorId, cursorOf } from '../cursor.ts'
import { eventTexts } from '../event-json.ts'
import type { Reading } from './tables.ts'

export async function eventPage(
  { db, idValue, idText }: Reading,
  { after, limit = 1_000 }: { readonly after?: string | undefined; readonly limit?: number | undefined },
): Promise<EventPage> {
  const from = cursorId(after)
  const ids = db
    .selectFrom('messages')
    .select('id')
    .orderBy('id')
    .limit(Math.ceil(limit / 3))
  const page = await (from === undefined ? ids : ids.where('id', '>', idValue(from))).execute()
  const last = page.at(-1)
  if (!last) return { events: [], next: null }
  const found = await db
    .selectFrom('events')
    .select('json')
    .where(
      'id',
      'in',
      page.map(({ id }) => id),
    )
    .orderBy('id')
    .execute()
  return { events: found.flatMap(({ json }) => eventTexts(json)), next: cursorOf(idText(last.id)) }
}
