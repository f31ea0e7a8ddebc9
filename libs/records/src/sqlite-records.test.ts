import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { type MailEvent, newMessageId, SallyportError } from '@sallyport/contracts'
import { temporaryFolder } from '@sallyport/testkit'
import { eventsOf, recorded } from './events.cases.ts'
import type { Records } from './port.ts'
import { openSqliteRecords } from './sqlite-records.ts'
import { openThreadedRecords } from './threaded-records.ts'

const startAt = 1_764_000_000_000

/** The same store, in this thread and in its own. */
function everywhere(name: string, run: (open: (options: { readonly path: string }) => Promise<Records>) => Promise<void>): void {
  test(`${name} (here)`, () => run(openSqliteRecords))
  test(`${name} (in a thread)`, () => run(openThreadedRecords))
}

everywhere('events are unique by message, kind, subject and attempt; the position is kept with them', async (openRecords) => {
  using folder = temporaryFolder()
  const path = folder.join('records.db')
  const id = newMessageId()
  const { settled, judged, attempted } = eventsOf(id)
  const events = [settled(), judged(), attempted(1, [[0, 'deferred']]), attempted(2, [[0, 'delivered']])]
  const records = await openRecords({ path })
  await records.append(events.map((event, index) => recorded(event, 10 + index, index % 2)))
  await records.append([...events, ...events].map((event, index) => recorded(event, 3 + index, 0)))
  await records.append([recorded(settled({ reply: 'a repeat changes nothing' }), 30, 0)])
  const before = await records.message(id)
  assert.equal(before?.attempts.length, 2)
  assert.equal(before?.reply, `250 2.6.0 accepted ${id}`)
  assert.deepEqual([...(await records.positions())].sort(), [
    [0, 30],
    [1, 13],
  ])
  await records.close()
  const again = await openRecords({ path })
  assert.deepEqual(await again.message(id), before)
  assert.equal(again.generation, records.generation)
  assert.deepEqual([...(await again.positions())].sort(), [
    [0, 30],
    [1, 13],
  ])
  assert.equal(await again.message(newMessageId()), undefined)
  await again.close()
})

everywhere('every store has a generation of its own', async (openRecords) => {
  using folder = temporaryFolder()
  const stores = [await openRecords({ path: folder.join('a.db') }), await openRecords({ path: folder.join('b.db') })]
  assert.match(stores[0]?.generation ?? '', /^[0-9a-f]{8}$/)
  assert.notEqual(stores[0]?.generation, stores[1]?.generation)
  for (const store of stores) await store.close()
})

everywhere('unknown fields of a newer version are kept', async (openRecords) => {
  using folder = temporaryFolder()
  const path = folder.join('records.db')
  const records = await openRecords({ path })
  const event: MailEvent = Object.assign(eventsOf(newMessageId()).settled(), { aFieldOfTheFuture: 'ü' })
  await records.append([recorded(event, 1)])
  await records.close()
  const database = new DatabaseSync(path)
  const [row] = database.prepare('SELECT json FROM events').all()
  assert.deepEqual(JSON.parse(String(row && Object.values(row)[0])), event)
  database.close()
})

everywhere('a transaction is added as a whole or not at all', async (openRecords) => {
  using folder = temporaryFolder()
  const records = await openRecords({ path: folder.join('records.db') })
  const id = newMessageId()
  const bad = { ...eventsOf(id).judged(), application: null } as unknown as MailEvent
  await assert.rejects(
    records.append([recorded(eventsOf(id).settled(), 1), recorded({ ...bad, id: newMessageId() }, 2)]),
    SallyportError,
  )
  assert.equal(await records.message(id), undefined)
  assert.equal((await records.positions()).size, 0)
  await records.close()
})

everywhere('pages of messages: the newest first, by application, from a time on, each message once', async (openRecords) => {
  using folder = temporaryFolder()
  const records = await openRecords({ path: folder.join('records.db') })
  const all = Array.from({ length: 25 }, (_, index) => ({ id: newMessageId(), at: startAt + Math.floor(index / 3), index }))
  const application = (index: number): string => (index % 5 === 0 ? 'crm' : 'billing')
  await records.append(all.map(({ id, at, index }) => recorded(eventsOf(id, at, application(index)).settled(), index)))
  const walk = async (query: { application?: string; since?: number }): Promise<string[]> => {
    const ids: string[] = []
    for (let cursor: string | undefined; ; ) {
      const { messages, next } = await records.messages({ ...query, limit: 4, ...(cursor === undefined ? {} : { cursor }) })
      assert.ok(messages.length > 0 && messages.length <= 4)
      ids.push(...messages.map(({ id }) => id))
      if (next === null) return ids
      cursor = next
    }
  }
  const newestFirst = all.toSorted((left, right) => right.at - left.at || (left.id < right.id ? 1 : -1))
  assert.deepEqual(
    await walk({}),
    newestFirst.map(({ id }) => id),
  )
  assert.deepEqual(
    await walk({ application: 'crm' }),
    newestFirst.filter(({ index }) => index % 5 === 0).map(({ id }) => id),
  )
  assert.deepEqual(
    await walk({ since: startAt + 6 }),
    newestFirst.filter(({ at }) => at >= startAt + 6).map(({ id }) => id),
  )
  const [first] = (await records.messages({ limit: 1, cursor: 'no cursor of ours' })).messages
  assert.deepEqual(
    [first?.sender, first?.status, first?.recipients, first?.subject],
    ['invoices@example.com', 'queued', ['a@example.net', 'b@example.org'], 'Invoice'],
  )
  await records.close()
})

test('prune forgets what is too old, in chunks, and nothing else', async () => {
  using folder = temporaryFolder()
  const now = startAt + 10_000
  const records = await openSqliteRecords({ path: folder.join('records.db'), now: () => now })
  const young = newMessageId()
  const old = Array.from({ length: 1_200 }, (_, offset) => recorded(eventsOf(newMessageId(), startAt).settled(), offset))
  await records.append([...old, recorded(eventsOf(young, now - 5_000).settled(), 1_200)])
  assert.equal(await records.prune(5_000), 1_200)
  assert.equal(await records.prune(5_000), 0)
  assert.ok(await records.message(young))
  assert.equal((await records.messages({ limit: 10 })).messages.length, 1)
  assert.equal((await records.positions()).get(0), 1_200)
  await records.close()
})

const unusable: readonly [string, (path: string) => void, string, RegExp][] = [
  [
    'a damaged file',
    (path) => writeFileSync(path, 'no database, but long enough to be looked at'.repeat(40)),
    'DATA_FOLDER_CORRUPT',
    /move it away/,
  ],
  ['a file of a newer version', (path) => newer(path), 'STORE_UNAVAILABLE', /version 99/],
]
for (const [name, make, code, advice] of unusable) {
  test(`${name} is refused with what to do`, async () => {
    using folder = temporaryFolder()
    const path = folder.join('records.db')
    make(path)
    await assert.rejects(
      openSqliteRecords({ path }),
      (error) => error instanceof SallyportError && error.code === code && advice.test(error.message),
    )
  })
}

everywhere('a folder that is missing is refused with what to do', async (openRecords) => {
  using folder = temporaryFolder()
  await assert.rejects(openRecords({ path: folder.join('missing', 'records.db') }), { code: 'DATA_FOLDER_UNUSABLE' })
})

function newer(path: string): void {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA user_version = 99')
  database.close()
}
