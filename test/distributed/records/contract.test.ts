/** The contract of the records, against a real PostgreSQL. */
import { after, before, suite } from 'node:test'
import { openPostgresRecords, type PostgresServer } from '@sallyport/records'
import { recordsContract } from '@sallyport/records/contract'
import { type Postgres, postgresMissing, startPostgres } from '../../infra/postgres.ts'

const tables = ['messages', 'recipients', 'senders', 'findings', 'attempt_groups', 'applications'] as const
const counted = ['messages', 'checks', 'violations'] as const
const rollUps = ['daily_identities', ...counted.flatMap((kind) => [`hourly_${kind}`, `daily_${kind}`])]

suite('on PostgreSQL', { skip: postgresMissing }, () => {
  let postgres: Postgres
  let opened = 0
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres.stop())
  const server = (): PostgresServer => ({ ...postgres.server, database: `records_${opened}`, tls: 'off' })

  recordsContract({
    name: 'PostgreSQL',
    open(now) {
      opened++
      postgres.ask(`CREATE DATABASE records_${opened}`)
      return openPostgresRecords({ server: server(), now })
    },
    reopen: () => openPostgresRecords({ server: server() }),
    dump: async () =>
      [...tables, ...rollUps].map((table) =>
        postgres.ask(`SELECT json_agg(one ORDER BY one::text) FROM ${table} one`, `records_${opened}`),
      ),
    async withoutDays() {
      const database = `records_${opened}`
      for (const kind of counted) postgres.ask(`DROP TABLE daily_${kind}`, database)
      postgres.ask('DELETE FROM schema_version WHERE version = 2; INSERT INTO schema_version VALUES (1)', database)
    },
    runs: 8,
  })
})
