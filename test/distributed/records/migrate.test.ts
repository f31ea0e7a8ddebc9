/** `--migrate`: the tables are made before any console is there, once, also where several ask at the same time. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { type TemporaryFolder, temporaryFolder } from '@sallyport/testkit'
import { type Answer, askProgram } from '../../infra/ask-program.ts'
import { type Postgres, postgresMissing, startPostgres } from '../../infra/postgres.ts'

const main = join(import.meta.dirname, '../../../services/gateway/src/main.ts')

suite('records on PostgreSQL: migrations by themselves', { skip: postgresMissing }, () => {
  let postgres: Postgres
  let folder: TemporaryFolder
  before(async () => {
    folder = temporaryFolder()
    mkdirSync(folder.join('secrets'))
    postgres = await startPostgres()
    writeFileSync(folder.join('secrets/postgres'), postgres.server.password)
  })
  after(async () => {
    await postgres?.stop()
    folder.remove()
  })
  const migrate = (...settings: readonly string[]): Promise<Answer> =>
    askProgram(process.execPath, [main, '--migrate', ...settings.flatMap((setting) => ['--set', setting])], { deadlineMs: 120_000 })
  const onServer = (user: string): readonly string[] => [
    `secrets=${folder.join('secrets')}`,
    `records.postgres.address=127.0.0.1:${postgres.port}`,
    'records.postgres.database=postgres',
    `records.postgres.user=${user}`,
    'records.postgres.secret=postgres',
  ]

  test('makes the tables, starts nothing, and changes nothing when it is done again', async () => {
    const answers = await Promise.all([migrate(...onServer('sallyport')), migrate(...onServer('sallyport'))])
    for (const { code, stdout, stderr } of answers) assert.deepEqual([code, stdout, stderr], [0, 'migrated\n', ''])
    const seen = (): string =>
      postgres.ask("SELECT (SELECT generation FROM store) || (SELECT string_agg(version::text, ',') FROM schema_version)")
    const first = seen()
    assert.equal((await migrate(...onServer('sallyport'))).code, 0)
    assert.equal(seen(), first)
  })

  test('fails where the server lets nobody in, and says what to do', async () => {
    const { code, stderr } = await migrate(...onServer('somebody'))
    assert.equal(code, 1)
    assert.match(
      stderr,
      /did not start: PostgreSQL 127\.0\.0\.1:\d+\/postgres: .*the password is refused: check the secret and the user/,
    )
  })

  test('is refused where the records are in a file', async () => {
    const { code, stderr } = await migrate()
    assert.equal(code, 2)
    assert.match(stderr, /records\.postgres is not set/)
  })
})
