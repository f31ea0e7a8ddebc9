/** Every query to PostgreSQL is told with how long it took: those of an append, of a question, and one that fails. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { openPostgresRecords, type Records } from '@sallyport/records'
import { eventsOf, recorded } from '../../../libs/records/src/events.cases.ts'
import { type Postgres, postgresMissing, startPostgres } from '../../infra/postgres.ts'

suite('queries of the records on PostgreSQL', { skip: postgresMissing }, () => {
  let postgres: Postgres
  let records: Records
  const told: (readonly [string, number, string | undefined])[] = []
  before(async () => {
    postgres = await startPostgres()
    records = await openPostgresRecords({
      server: { ...postgres.server, tls: 'off' },
      onQuery: (operation, seconds, error) => told.push([operation, seconds, error]),
    })
  })
  after(async () => {
    await records?.close()
    await postgres?.stop()
  })

  test('are told by what they do, with their seconds', async () => {
    told.length = 0
    const id = newMessageId()
    await records.append([recorded(eventsOf(id, Date.now()).settled(), 1)])
    await records.message(id)
    const operations = told.map(([operation]) => operation)
    assert.deepEqual([operations[1], operations.at(-2), operations.at(-1)], ['BEGIN', 'COMMIT', 'SELECT'])
    assert.ok(operations.includes('INSERT'))
    for (const [, seconds, error] of told) assert.ok(seconds >= 0 && seconds < 60 && error === undefined)
  })

  test('one that fails is told with the code of PostgreSQL', async () => {
    postgres.ask('ALTER TABLE positions RENAME TO elsewhere')
    told.length = 0
    await assert.rejects(records.positions())
    assert.deepEqual(
      told.map(([operation, , error]) => [operation, error]),
      [['SELECT', '42P01']],
    )
  })
})
