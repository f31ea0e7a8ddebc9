/** The contract of the records, against a real PostgreSQL. */
import { after, before, suite } from 'node:test'
import { openPostgresRecords, type PostgresServer } from '@sallyport/records'
import { recordsContract } from '@sallyport/records/contract'
import { type Postgres, postgresMissing, startPostgres } from '../../infra/postgres.ts'

const tables = ['messages', 'recipients', 'senders', 'findings', 'attempt_groups', 'applications'] as const
const rollUps = ['hourly_messages', 'hourly_checks', 'hourly_violations', 'daily_identities'] as const

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
    runs: 8,
  })
})
