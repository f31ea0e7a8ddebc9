/** PostgreSQL is away when the gateway starts: it starts, says so, mail flows; and when PostgreSQL comes nothing of the meantime is missing. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { eventually, temporaryFolder } from '@sallyport/testkit'
import { postgresMissing, startPostgres } from '../../infra/postgres.ts'
import { api } from '../../process/api.ts'
import { startCountingSink } from '../../process/counting-sink.ts'
import { startGatewayProcess } from '../../process/gateway-process.ts'
import { audit, startLoad } from '../../process/load.ts'
import { oneApplication } from '../../process/policies.ts'

suite('records on PostgreSQL: it is away at the start', { skip: postgresMissing }, () => {
  test('the gateway starts without it, mail flows, and it recovers by itself', { timeout: 300_000 }, async () => {
    using folder = temporaryFolder()
    using database = temporaryFolder('sallyport-postgres-')
    // It is made, so that port and password are known, and goes.
    let postgres = await startPostgres({ folder: database.path })
    const { host, port, user, database: name, password } = postgres.server
    await postgres.stop()
    mkdirSync(folder.join('secrets'), { mode: 0o700 })
    writeFileSync(folder.join('secrets', 'postgres'), password, { mode: 0o600 })
    const sink = await startCountingSink()
    const gateway = await startGatewayProcess({
      folder: folder.path,
      policy: oneApplication({ nextHop: sink.port, mode: 'enforce' }),
      settings: {
        'records.postgres.address': `${host}:${port}`,
        'records.postgres.user': user,
        'records.postgres.database': name,
        'records.postgres.secret': 'postgres',
      },
    })
    const load = startLoad({ port: () => gateway.port('smtp'), clients: 2, pauseMs: 20 })
    try {
      const ready = async (): Promise<{ readonly status: number; readonly warnings: string }> => {
        const response = await fetch(`http://127.0.0.1:${gateway.port('health')}/readyz`)
        const body = JSON.parse(await response.text())
        return { status: response.status, warnings: (body.roles.console.warnings ?? []).join() }
      }
      const { status, warnings } = await ready()
      assert.equal(status, 200, 'who goes unready gets no mail')
      assert.match(warnings, /PostgreSQL 127\.0\.0\.1:\d+\/.*nobody listens there: start the server/)

      await eventually(() => load.promised.length >= 50 && sink.received.size >= 50, { deadlineMs: 60_000, what: 'mail flows' })
      const meanwhile = load.promised.slice(0, 50)
      assert.equal(load.refused.size, 0)

      const search = await api(gateway, 'GET', '/api/messages')
      assert.equal(search.status, 503)
      assert.match(search.body.detail, /PostgreSQL .*start the server.*try again/)
      for (const path of ['/api/policy', '/api/queue', '/api/quarantine', '/api/roles', '/api/audit']) {
        assert.equal((await api(gateway, 'GET', path)).status, 200, path)
      }
      const { problems } = (await api(gateway, 'GET', '/api/overview')).body
      assert.equal(problems[0].code, 'records-away')

      postgres = await startPostgres({ folder: database.path, port })
      const isKnown = async ({ id }: { readonly id: string }): Promise<boolean> => {
        const { status, body } = await api(gateway, 'GET', `/api/messages/${id}`)
        return status === 200 && body.status === 'delivered'
      }
      for (const promised of meanwhile) await eventually(() => isKnown(promised), { deadlineMs: 60_000, what: promised.id })
      await eventually(async () => (await ready()).warnings === '', { deadlineMs: 30_000 })
      await load.stop()
      for (const promised of load.promised) await eventually(() => isKnown(promised), { deadlineMs: 60_000, what: promised.id })
      await eventually(() => load.promised.every(({ token }) => sink.received.has(token)), { deadlineMs: 60_000 })
      assert.deepEqual(audit(load.promised, sink.received).lost, [])
      const counted = await api(gateway, 'GET', '/api/statistics?by=application')
      assert.ok(counted.body.rows.length > 0)
    } finally {
      await load.stop()
      await gateway.stop()
      await sink.stop()
      await postgres.stop()
    }
  })

  test('a gateway that is stopped before PostgreSQL was ever there ends as it should', { timeout: 120_000 }, async () => {
    using folder = temporaryFolder()
    const gateway = await startGatewayProcess({
      folder: folder.path,
      policy: oneApplication({ nextHop: 9, mode: 'monitor' }),
      settings: { 'records.postgres.address': '127.0.0.1:9' },
    })
    assert.equal(await gateway.stop(), 0, gateway.log())
  })
})
