import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { after, suite, test } from 'node:test'
import { type MailEvent, newMessageId, SallyportError } from '@sallyport/contracts'
import { temporaryFolder } from '@sallyport/testkit'
import { searchContract } from '../contract/search.contract.ts'
import { unpackEvents } from '../event-json.ts'
import { eventsOf, recorded } from '../events.cases.ts'
import { type RecordsContract, recordsContract } from '../records.contract.ts'
import { countKinds, specs } from '../sql/tables.ts'
import { openSqliteRecords } from './sqlite-records.ts'
import { openThreadedRecords } from './threaded-records.ts'

const folder = temporaryFolder()
after(() => folder.remove())
let opened = 0
const path = (): string => folder.join(`${opened}.db`)

recordsContract({
  name: 'SQLite',
  open(now) {
    opened++
    return openSqliteRecords({ path: path(), now })
  },
  reopen: () => openSqliteRecords({ path: path() }),
  async dump() {
    const database = new DatabaseSync(path())
    const { events: _, ...others } = specs
    const tables = Object.entries(others).map(([table, { key }]) => {
      const order = key.map((column) => `"${column}"`).join(', ')
      return [
        table,
        database
          .prepare(`SELECT * FROM "${table}" ORDER BY ${order}`)
          .all()
          .map((row) => ({ ...row })),
      ]
    })
    database.close()
    return Object.fromEntries(tables)
  },
  async withoutDays() {
    const database = new DatabaseSync(path())
    for (const kind of countKinds) database.exec(`DROP TABLE daily_${kind}`)
    database.exec('PRAGMA user_version = 2')
    database.close()
  },
  runs: 25,
})

suite('SQLite in a thread', () => {
  const contract: RecordsContract = {
    name: 'SQLite in a thread',
    open() {
      opened++
      return openThreadedRecords({ path: path() })
    },
    reopen: () => openThreadedRecords({ path: path() }),
    dump: async () => undefined,
    withoutDays: async () => undefined,
  }
  searchContract(contract)

  test('every question is asked and answered over the port', async () => {
    const records = await contract.open(Date.now)
    assert.deepEqual(await records.statistics({ of: 'checks', by: ['check'] }), { rows: [] })
    assert.deepEqual(await records.applications({}), { applications: [] })
    assert.deepEqual((await records.identities({ application: 'a' })).senders, [])
    assert.deepEqual((await records.readiness({ application: 'a' })).checks, [])
    assert.deepEqual(await records.violations({}), { violations: [], more: false })
    assert.equal((await records.state()).messages, 0)
    assert.equal(await records.prune({ messagesMs: 1, rollupsMs: 1 }), 0)
    await records.close()
  })
})

test('unknown fields of a newer version are kept', async () => {
  opened++
  const records = await openSqliteRecords({ path: path() })
  const event: MailEvent = Object.assign(eventsOf(newMessageId()).settled(), { aFieldOfTheFuture: 'ü' })
  await records.append([recorded(event, 1)])
  await records.close()
  const database = new DatabaseSync(path())
  const { json } = database.prepare('SELECT json FROM events').get() ?? {}
  assert.ok(json instanceof Uint8Array)
  assert.deepEqual(unpackEvents(json), [event])
  database.close()
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
    opened++
    make(path())
    const isRight = (error: unknown) => error instanceof SallyportError && error.code === code && advice.test(error.message)
    await assert.rejects(openSqliteRecords({ path: path() }), isRight)
    await assert.rejects(openThreadedRecords({ path: path() }), isRight)
  })
}

test('a folder that is missing is refused with what to do', async () => {
  for (const open of [openSqliteRecords, openThreadedRecords]) {
    await assert.rejects(open({ path: folder.join('missing', 'records.db') }), { code: 'DATA_FOLDER_UNUSABLE' })
  }
})

function newer(path: string): void {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA user_version = 99')
  database.close()
}
