/** How PostgreSQL is reached: TLS that verifies, and errors that say what to do. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { openPostgresRecords, type PostgresServer } from '@sallyport/records'
import { freePort, testCertificates } from '@sallyport/testkit'
import { postgresMissing, startPostgres } from '../../infra/postgres.ts'

const { ca, server: certificate, stranger } = testCertificates()
const tls = { certificate: certificate.certPath, key: certificate.keyPath }

const isUnavailable = (advice: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Error && 'code' in error)
  assert.equal(error.code, 'STORE_UNAVAILABLE')
  assert.match(error.message, advice)
  assert.doesNotMatch(error.message, /a password of the test/)
  return true
}

suite('records on PostgreSQL: the connection', { skip: postgresMissing }, () => {
  test('TLS: the server is verified by its CA and its name, and nothing is said to another', async () => {
    const postgres = await startPostgres({ tls })
    const open = (changes: Partial<PostgresServer>) =>
      openPostgresRecords({ server: { ...postgres.server, host: 'localhost', tls: { ca }, ...changes } })
    const records = await open({})
    assert.match(records.generation, /^[0-9a-f]{8}$/)
    assert.equal(postgres.ask('SELECT count(*) > 0 FROM pg_stat_ssl WHERE ssl').trim(), 't')
    await records.close()
    await assert.rejects(open({ tls: {} }), isUnavailable(/name its CA in tls\.ca/))
    await assert.rejects(open({ tls: { ca: stranger.cert } }), isUnavailable(/name its CA in tls\.ca/))
    await assert.rejects(open({ tls: 'off' }), isUnavailable(/does it want TLS\?/))
    await postgres.stop()
  })

  test('what is wrong is said with what to do', async () => {
    const postgres = await startPostgres()
    const open = (changes: Partial<PostgresServer>) =>
      openPostgresRecords({ server: { ...postgres.server, tls: 'off', ...changes } })
    await assert.rejects(open({ password: 'wrong' }), isUnavailable(/check the secret/))
    await assert.rejects(open({ database: 'nowhere' }), isUnavailable(/create it/))
    await assert.rejects(open({ tls: { ca } }), isUnavailable(/speaks no TLS/))
    await assert.rejects(open({ port: await freePort() }), isUnavailable(/start the server/))
    const records = await open({})
    await records.close()
    postgres.ask('UPDATE schema_version SET version = 99')
    await assert.rejects(open({}), isUnavailable(/version 99.*update it/))
    await postgres.stop()
  })

  test('two that start at once on an empty database make its tables once', async () => {
    const postgres = await startPostgres()
    const open = () => openPostgresRecords({ server: { ...postgres.server, tls: 'off' } })
    const both = await Promise.all([open(), open(), open()])
    assert.equal(new Set(both.map(({ generation }) => generation)).size, 1)
    await Promise.all(both.map((records) => records.close()))
    await postgres.stop()
  })
})
