/**
 * The records beside the gateway's own load: real SMTP into the embedded gateway, two checks enforced, everything durable before the
 * 250, so fast that more than 2,000 events a second flow into its records, first on SQLite, then on a PostgreSQL of its own. What must
 * hold: the records keep up, so that what waits for them does not grow, and is gone soon after the load.
 *
 *   node test/bench/records-load.ts [--stores sqlite,postgresql] [--rate 900] [--seconds 60] [--clients 60] [--write]
 *
 * `--write` puts the figures into results/records-load.{json,md}. Needs Debian's `postfix` (`smtp-sink`) and `postgresql-15`.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { temporaryFolder } from '@sallyport/testkit'
import { type Postgres, startPostgres } from '../infra/postgres.ts'
import { startGatewayProcess } from '../process/gateway-process.ts'
import { startLoad } from '../process/load.ts'
import { oneApplication } from '../process/policies.ts'
import { startFlags } from './gateway.ts'
import { cpuSeconds } from './processes.ts'
import { intakeOf } from './records-load/intake.ts'
import { type LoadRow, loadTable, percentile } from './records-load/load-table.ts'
import { startSink } from './sink.ts'

const { values } = parseArgs({
  options: {
    stores: { type: 'string', default: 'sqlite,postgresql' },
    rate: { type: 'string', default: '900' },
    seconds: { type: 'string', default: '60' },
    clients: { type: 'string', default: '60' },
    write: { type: 'boolean', default: false },
  },
})
const [rate, seconds, clients] = [Number(values.rate), Number(values.seconds), Number(values.clients)]
const warmUpMs = 15_000
const drainMs = 120_000

async function measure(store: LoadRow['store'], place: number): Promise<LoadRow> {
  using folder = temporaryFolder('sallyport-records-load-')
  using database = temporaryFolder('sallyport-postgres-')
  const postgres = store === 'postgresql' ? await startPostgres({ folder: database.path, isDurable: true }) : undefined
  const sinkPort = 19_500 + place
  const sink = await startSink(sinkPort)
  const gateway = await startGatewayProcess({
    folder: folder.path,
    policy: oneApplication({ nextHop: sinkPort, connections: 20, mode: 'enforce', application: { maxUnsettled: 1_000 } }),
    settings: postgres ? onServer(folder.path, postgres) : {},
    nodeFlags: startFlags(),
  })
  // Each client sends one message each `clients / rate` seconds, however long it takes: the load is that of people, not of a test.
  const load = startLoad({
    port: () => gateway.port('smtp'),
    clients,
    everyMs: (clients * 1_000) / rate,
    bodyBytes: () => 10_240,
  })
  try {
    await sleep(warmUpMs)
    const intake = () => intakeOf(gateway.port('health'))
    const cpuOf = () => [cpuSeconds(gateway.pid), postgres ? cpuSeconds(postgres.pid) : 0] as const
    const first = { at: performance.now(), accepted: load.promised.length, cpu: cpuOf(), ...(await intake()) }
    const lags: number[] = []
    for (let second = 0; second < seconds; second++) {
      await sleep(Math.max(0, first.at + (second + 1) * 1_000 - performance.now()))
      lags.push((await intake()).lag)
    }
    const last = { at: performance.now(), accepted: load.promised.length, cpu: cpuOf(), ...(await intake()) }
    const tookMs = load.promised.slice(first.accepted, last.accepted).map(({ tookMs }) => tookMs)
    const endedAt = performance.now()
    await load.stop()
    while ((await intake()).lag > 0) {
      if (performance.now() - endedAt > drainMs) throw new Error(`${(await intake()).lag} events still wait for the records`)
      await sleep(100)
    }
    const drained = { seconds: (performance.now() - endedAt) / 1_000, ...(await intake()) }
    const took = (last.at - first.at) / 1_000
    const cpuPer1000 = (which: 0 | 1): number =>
      Number((((last.cpu[which] - first.cpu[which]) * 1_000) / (last.accepted - first.accepted)).toFixed(2))
    if (load.refused.size > 0) throw new Error(`refused: ${JSON.stringify([...load.refused])}`)
    return {
      store,
      seconds: Math.round(took),
      messagesPerSecond: Math.round((last.accepted - first.accepted) / took),
      eventsPerSecond: Math.round((last.events - first.events) / took),
      lags,
      drainedAfterSeconds: Math.ceil(drained.seconds),
      accepted: load.promised.length,
      eventsInAll: drained.events,
      p50Ms: percentile(tookMs, 0.5),
      p99Ms: percentile(tookMs, 0.99),
      gatewayCpuPer1000: cpuPer1000(0),
      serverCpuPer1000: postgres ? cpuPer1000(1) : null,
    }
  } finally {
    await load.stop()
    await gateway.stop()
    await sink.stop()
    await postgres?.stop()
  }
}

function onServer(folder: string, { server }: Postgres): Readonly<Record<string, string>> {
  mkdirSync(join(folder, 'secrets'), { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'secrets/postgres'), server.password, { mode: 0o600 })
  return {
    'records.postgres.address': `${server.host}:${server.port}`,
    'records.postgres.user': server.user,
    'records.postgres.database': server.database,
    'records.postgres.secret': 'postgres',
  }
}

const rows: LoadRow[] = []
for (const [place, store] of (['sqlite', 'postgresql'] as const).entries()) {
  if (!values.stores.split(',').includes(store)) continue
  rows.push(await measure(store, place))
  console.error(JSON.stringify(rows.at(-1)))
}
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, shared by clients, gateway, next hop and PostgreSQL; load ${loadavg()[0]?.toFixed(1)} at the end`
const table = loadTable(rows, machine)
if (values.write) {
  const path = join(import.meta.dirname, 'results/records-load')
  rmSync(`${path}.md`, { force: true })
  writeFileSync(`${path}.json`, `${JSON.stringify({ machine, rows }, null, 1)}\n`)
  writeFileSync(`${path}.md`, table)
}
process.stdout.write(table)
