/** Pages of messages: each search walks one index from its newest entry, bounded by ids, and filters the rest. */
import type { MessagePage, MessageSummary } from '@sallyport/contracts'
import { messageIdBound } from '@sallyport/contracts/basics'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { cursorId, cursorOf, formatId } from '../cursor.ts'
import { columnAddress, columnText } from '../project/column-text.ts'
import type { MessageQuery } from '../questions.ts'
import type { IdValue, Reading, Tables } from './tables.ts'

/** How many entries of the first index a page looks at at most, where what it finds there has to fit more conditions. */
const maxLooked = 10_000
const shownRecipients = 20

/** From (included) and to (excluded) which ids are looked at. */
interface Bounds {
  readonly from: string
  readonly to: string
}

const conditions = ['messageId', 'recipient', 'sender', 'check', 'application', 'verdict', 'status'] as const
type Condition = (typeof conditions)[number]

export async function searchMessages(reading: Reading, query: MessageQuery): Promise<MessagePage> {
  const bounds = boundsOf(query)
  if (bounds.from >= bounds.to) return { messages: [], next: null }
  const limit = query.limit ?? 50
  const { covered, source } = firstIndex(reading, query, bounds)
  const rest = conditions.filter((name) => query[name] !== undefined && !covered.includes(name))
  const looked = rest.length === 0 ? limit + 1 : maxLooked
  const { db, idText } = reading
  let found = db
    .with('candidates', () => source.limit(looked))
    .selectFrom('candidates')
    .innerJoin('messages', 'messages.id', 'candidates.id')
    .selectAll('messages')
  for (const name of rest) found = found.where(conditionOn(name, query))
  const rows = await found
    .orderBy('candidates.id', 'desc')
    .limit(limit + 1)
    .execute()
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const next = rows.length > limit && last ? idText(last.id) : rest.length > 0 ? await endOfLook(reading, source) : undefined
  return { messages: await summaries(reading, shown), next: next === undefined ? null : cursorOf(next) }
}

/** The last entry that was looked at, where there may be more behind it. */
async function endOfLook({ idText }: Reading, source: Walk): Promise<string | undefined> {
  const [end] = await source
    .limit(1)
    .offset(maxLooked - 1)
    .execute()
  return end && idText(end.id)
}

/** PostgreSQL then looks for each message by its key, and does not read all that fits the condition to join it. */
const byItself = sql`limit 1 offset 0`

/** That a message, found otherwise, fits. */
function conditionOn(name: Condition, query: MessageQuery): RawBuilder<SqlBool> {
  switch (name) {
    case 'application':
      return sql`messages.application = ${query.application}`
    case 'messageId':
      return sql`messages.message_id = ${columnText(query.messageId ?? '')}`
    case 'status':
      return sql`messages.status = ${query.status}`
    case 'verdict':
      return query.verdict === 'would-refuse' ? sql`messages.would_refuse = 1` : sql`messages.verdict = ${query.verdict}`
    case 'check':
      return sql`exists (select 1 from findings where findings.id = candidates.id
        and findings.check_name = ${query.check} and findings.outcome = ${query.outcome ?? 'fail'} ${byItself})`
    case 'sender':
    case 'recipient': {
      const { column, value } = addressOf(query[name] ?? '')
      const table = sql.table(tableOf[name])
      return sql`exists (select 1 from ${table} as one where one.id = candidates.id and ${sql.ref(`one.${column}`)} = ${value} ${byItself})`
    }
  }
}

const tableOf = { sender: 'senders', recipient: 'recipients' } as const

/** `@domain` asks for the domain. */
const addressOf = (asked: string) =>
  asked.startsWith('@')
    ? ({ column: 'domain', value: columnAddress(asked.slice(1)) } as const)
    : ({ column: 'address', value: columnAddress(asked) } as const)

type Walk = ReturnType<typeof walk>

/** The ids of rows where these columns are so, the newest first: one index of each table begins with them and goes on with the id. */
function walk(
  { db, idValue }: Reading,
  table: 'messages' | 'recipients' | 'senders' | 'findings',
  equal: Readonly<Record<string, string | undefined>>,
  { from, to }: Bounds,
) {
  let rows = db
    .selectFrom(sql<{ id: IdValue }>`${sql.table(table)}`.as('walked'))
    .select('walked.id')
    .where('walked.id', '>=', idValue(from))
    .where('walked.id', '<', idValue(to))
    .orderBy('walked.id', 'desc')
  for (const [column, value] of Object.entries(equal)) {
    if (value !== undefined) rows = rows.where(sql.ref(`walked.${column}`), '=', value)
  }
  // An address or domain may stand twice in one message.
  return table === 'recipients' || table === 'senders' ? rows.distinct() : rows
}

/** The index that says most, and which conditions it covers. */
function firstIndex(
  reading: Reading,
  query: MessageQuery,
  bounds: Bounds,
): { readonly covered: readonly Condition[]; readonly source: Walk } {
  const { application, check, outcome = 'fail', verdict, messageId, status } = query
  if (messageId !== undefined) {
    return { covered: ['messageId'], source: walk(reading, 'messages', { message_id: columnText(messageId) }, bounds) }
  }
  for (const name of ['recipient', 'sender'] as const) {
    const asked = query[name]
    if (asked === undefined) continue
    const { column, value } = addressOf(asked)
    return { covered: [name], source: walk(reading, tableOf[name], { [column]: value }, bounds) }
  }
  if (check !== undefined) {
    const source = walk(reading, 'findings', { application, check_name: check, outcome }, bounds)
    return { covered: ['check', 'application'], source }
  }
  if (status !== undefined && rareStatuses.includes(status)) {
    const source = walk(reading, 'messages', { status }, bounds)
    return { covered: ['status'], source: source.where(sql<SqlBool>`walked.status in ('held', 'deferred', 'failed', 'undecided')`) }
  }
  if (verdict === 'would-refuse') {
    const source = walk(reading, 'messages', { application }, bounds)
    return { covered: ['application', 'verdict'], source: source.where(sql<SqlBool>`walked.would_refuse = 1`) }
  }
  return { covered: ['application', 'verdict'], source: walk(reading, 'messages', { application, verdict }, bounds) }
}

/** Those that have an index: few messages stay in them, but for those that failed. */
const rareStatuses: readonly string[] = ['held', 'deferred', 'failed', 'undecided']

const lowest = formatId('0'.repeat(32))
/** Above every id: no UUID of ours begins so. */
const highest = formatId('f'.repeat(32))

function boundsOf({ since, until, id, cursor }: MessageQuery): Bounds {
  const hex = (id ?? '').toLowerCase().replaceAll('-', '').slice(0, 32)
  const froms = [lowest, formatId(hex.padEnd(32, '0')), ...(since === undefined ? [] : [messageIdBound(since)])]
  const tos = [highest, cursorId(cursor) ?? highest, ...(until === undefined ? [] : [messageIdBound(until)])]
  return { from: froms.sort().at(-1) ?? lowest, to: [...tos, afterPrefix(hex)].sort()[0] ?? highest }
}

/** The first id behind all those that begin so. */
function afterPrefix(hex: string): string {
  const cut = hex.replace(/f+$/, '')
  const last = cut.at(-1)
  if (last === undefined) return highest
  return formatId((cut.slice(0, -1) + (Number.parseInt(last, 16) + 1).toString(16)).padEnd(32, '0'))
}

async function summaries({ db, idText }: Reading, rows: readonly Tables['messages'][]): Promise<MessageSummary[]> {
  if (rows.length === 0) return []
  const addresses = new Map<string, string[]>()
  const ids = rows.map(({ id }): IdValue => id)
  const found = await db
    .selectFrom('recipients')
    .select(['id', 'address'])
    .where('id', 'in', ids)
    .where('number', '<', shownRecipients)
    .orderBy('id')
    .orderBy('number')
    .execute()
  for (const { id, address } of found) addresses.set(idText(id), [...(addresses.get(idText(id)) ?? []), address])
  return rows.map((row) => ({
    id: idText(row.id),
    application: row.application,
    firstSeenAt: row.first_at,
    status: row.status as MessageSummary['status'],
    verdict: row.verdict as MessageSummary['verdict'],
    action: row.action as MessageSummary['action'],
    wouldBe: row.would_be as MessageSummary['wouldBe'],
    violations: row.violations === '' ? [] : row.violations.split(' '),
    sender: row.sender,
    recipients: addresses.get(idText(row.id)) ?? [],
    recipientCount: row.recipient_count,
    ...(row.subject === null ? {} : { subject: row.subject }),
    contentBytes: row.content_bytes,
  }))
}
