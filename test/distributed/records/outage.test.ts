/**
 * PostgreSQL goes away under load for a minute: mail is accepted as before, and every event arrives once it is back.
 * `SALLYPORT_OUTAGE_SECONDS=8 node --test test/distributed/records/outage.test.ts` for a shorter one.
 */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, temporaryFolder } from '@sallyport/testkit'
import { type Postgres, postgresMissing, startPostgres } from '../../infra/postgres.ts'
import { startCountingSink } from '../../process/counting-sink.ts'
import { startGatewayProcess } from '../../process/gateway-process.ts'
import { audit, type Promised, startLoad } from '../../process/load.ts'
import { oneApplication } from '../../process/policies.ts'

const outageMs = 1_000 * Number(process.env.SALLYPORT_OUTAGE_SECONDS ?? 60)
const phaseMs = Math.min(outageMs, 8_000)

const quantile = (promised: readonly Promised[], share: number): number =>
  promised.map(({ tookMs }) => tookMs).sort((left, right) => left - right)[Math.floor(promised.length * share)] ?? Number.NaN
const median = (promised: readonly Promised[]): number => quantile(promised, 0.5)

suite('records on PostgreSQL: it goes away', { skip: postgresMissing }, () => {
  test('killed, and frozen, under load: no mail is late, no event is lost', { timeout: 300_000 + 3 * outageMs }, async (t) => {
    using folder = temporaryFolder()
    using database = temporaryFolder('sallyport-postgres-')
    let postgres: Postgres = await startPostgres({ folder: database.path, isDurable: true })
    const { host, port, user, database: name, password } = postgres.server
    mkdirSync(folder.join('secrets'), { mode: 0o700 })
    writeFileSync(folder.join('secrets', 'postgres'), password, { mode: 0o600 })
    const sink = await startCountingSink({ delayMs: 1 })
    const gateway = await startGatewayProcess({
      folder: folder.path,
      policy: oneApplication({ nextHop: sink.port, connections: 10, mode: 'enforce' }),
      settings: {
        'records.postgres.address': `${host}:${port}`,
        'records.postgres.user': user,
        'records.postgres.database': name,
        'records.postgres.secret': 'postgres',
      },
    })
    const load = startLoad({ port: () => gateway.port('smtp'), clients: 4, pauseMs: 20 })
    const during = async (ms: number): Promise<readonly Promised[]> => {
      const before = load.promised.length
      await sleep(ms)
      return load.promised.slice(before)
    }
    try {
      await eventually(() => load.promised.length > 20, { deadlineMs: 60_000 })
      const up = await during(phaseMs)
      await postgres.kill()
      const down = await during(outageMs)
      postgres = await startPostgres({ folder: database.path, port, isDurable: true })
      await eventually(() => isThere(postgres, down), { deadlineMs: 120_000, what: 'the events of the outage arrive' })
      postgres.freeze()
      const frozen = await during(phaseMs)
      postgres.thaw()
      await load.stop()
      await eventually(() => isThere(postgres, load.promised), { deadlineMs: 120_000, what: 'every event arrives' })
      await eventually(() => load.promised.every(({ token }) => sink.received.has(token)), { deadlineMs: 60_000 })
      assert.deepEqual(audit(load.promised, sink.received).lost, [])
      const [before, killed, hung] = [median(up), median(down), median(frozen)]
      const told = (what: string, all: readonly Promised[], ms: number): void => {
        const [half, most] = [median(all), quantile(all, 0.99)].map((latency) => latency.toFixed(1))
        t.diagnostic(`${what} for ${ms / 1_000} s: ${all.length} messages, 250 after ${half} ms, 99 % after ${most} ms`)
      }
      told('up', up, phaseMs)
      told('down', down, outageMs)
      told('frozen', frozen, phaseMs)
      t.diagnostic(`in all ${load.promised.length} accepted, delivered and known to the records; none lost, none refused`)
      assert.equal(load.refused.size, 0)
      // Not a measurement: far more than the noise of a busy machine, far less than waiting for a database would be.
      for (const latency of [killed, hung]) assert.ok(latency < 3 * before + 100, `250 came after ${latency} ms, ${before} before`)
      assert.equal(Number(postgres.ask("SELECT count(*) FROM messages WHERE status <> 'delivered'")), 0)
    } finally {
      await load.stop()
      await gateway.kill()
      await sink.stop()
      postgres.thaw()
      await postgres.kill()
    }
  })
})

/** Whether ingress and delivery were heard of each. */
function isThere(postgres: Postgres, promised: readonly Promised[]): boolean {
  const known = new Set(postgres.ask("SELECT id FROM messages WHERE status = 'delivered' AND content_bytes > 0").split('\n'))
  return promised.every(({ id }) => known.has(id))
}
