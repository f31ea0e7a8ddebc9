/**
 * The whole road: source → system → `smtp-sink`, all systems in the same run, interleaved by rounds, medians. Within a round a system
 * takes all loads one after the other: what it leaves for later, to the kernel too, is its own price.
 *
 *   node test/bench/road.ts [--rounds 3] [--seconds 3] [--systems postfix,postfix-rspamd,postfix-rspamd-bayes,sallyport,bare,direct]
 *     [--checks 2|4] [--sizes 1k,10k,100k,real] [--connections 1,20,100] [--modes new,kept] [--warmup 10] [--profile FOLDER] [--apart] [--out road]
 *
 * `--apart`: the system has one core for itself, source and sink another, so that messages/s is what a core of the system can do and not
 * what source and sink leave of it.
 *
 * Needs root and the packages postfix and postfix-lmdb of Debian; with rspamd, also rspamd, redis-server and postfwd; `real`
 * needs the labelled corpus beside the project. Writes results/<out>.json and results/<out>.md.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchOptions, type Size } from './bench-options.ts'
import { cores, moveTo } from './core.ts'
import { measureLatency } from './latency.ts'
import { type Load, measure, type Row } from './measure.ts'
import { realMail } from './real-mail.ts'
import { type Sink, startSink } from './sink.ts'
import { sendInTurn, sendWithSmtpSource } from './source.ts'
import type { System } from './system.ts'
import { startSystem } from './systems.ts'
import { type LatencyRow, resultTable } from './table.ts'
import { messageOf } from './workload.ts'

const options = benchOptions()
const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
chmodSync(folder, 0o755)
const sinkPort = 19_025
const calibrated = new Map<string, number>()
const rows: Row[] = []
const latencies: LatencyRow[] = []
const real = options.sizes.includes('real') ? realMail() : undefined
if (options.sizes.includes('real') && !real) throw new Error('--sizes real needs the labelled corpus beside the project')

const send = (system: System, load: Load): Promise<void> =>
  load.size === 'real' ? sendInTurn(system.port, load, real ?? []) : sendWithSmtpSource(system.port, load, fileOf(load.size))
const fileOf = (size: string): string => join(folder, `${size}.eml`)
const run = (system: System, sink: Sink, load: Load): Promise<Row> => measure(system, sink, load, () => send(system, load))

/** As many messages as the system takes in the wanted time, the same number in each round. */
async function messagesFor(system: System, sink: Sink, load: Omit<Load, 'messages'>): Promise<number> {
  const key = `${system.name} ${load.size} ${load.mode} ${load.connections}`
  const known = calibrated.get(key)
  if (known !== undefined) return known
  const trial = await run(system, sink, { ...load, messages: Math.max(100, 4 * load.connections) })
  const messages = Math.round(Math.min(Math.max(trial.perSecond * options.seconds, 100, 5 * load.connections), 20_000))
  calibrated.set(key, messages)
  return messages
}

/** A server runs for weeks: what the first seconds of a process cost (compilation, caches) is not what is asked here. */
async function warmUp(system: System, sink: Sink): Promise<void> {
  const size: Size = options.sizes.includes('real') ? 'real' : '10k'
  for (const mode of ['kept', 'new']) {
    const until = performance.now() + (options.warmup * 1_000) / 2
    do await run(system, sink, { size, connections: 50, mode, messages: system.name.includes('rspamd') ? 400 : 2_000 })
    while (performance.now() < until)
  }
}

async function round(system: System, sink: Sink): Promise<void> {
  await warmUp(system, sink)
  for (const size of options.sizes) {
    for (const mode of options.modes) {
      for (const connections of options.connections) {
        const load = { size, connections, mode }
        const row = await run(system, sink, { ...load, messages: await messagesFor(system, sink, load) })
        rows.push(row)
        process.stdout.write(`${JSON.stringify(row)}\n`)
      }
    }
    if (size === 'real') continue
    const latency = { system: system.name, size, ...(await measureLatency(system.port, messageOf(size), 300)) }
    latencies.push(latency)
    process.stdout.write(`${JSON.stringify(latency)}\n`)
  }
}

for (const size of ['1k', '10k', '100k'] as const) writeFileSync(fileOf(size), messageOf(size))
const place = (core: number): void => {
  if (options.apart) moveTo(core)
}
place(cores.load)
const sink = await startSink(sinkPort)
try {
  for (let index = 0; index < options.rounds; index++) {
    for (const [order, name] of options.systems.entries()) {
      const at = { port: 19_100 + index * 10 + order, sinkPort, folder: join(folder, name) }
      const nodeFlags = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : []
      place(cores.system)
      const system = await startSystem(name, at, { fourChecks: options.fourChecks, nodeFlags })
      place(cores.load)
      try {
        await round(system, sink)
      } finally {
        await system.stop()
        rmSync(at.folder, { recursive: true, force: true })
      }
    }
  }
} finally {
  await sink.stop()
}
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, ${options.apart ? 'one for the system, one for source and sink' : 'shared by source, sink and system'}; ${options.rounds} interleaved rounds, medians; Sallyport with ${options.fourChecks ? 'four checks' : 'two checks'} enforced; load ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]} at the end`
const results = join(import.meta.dirname, 'results')
const table = resultTable(options.systems, rows, latencies)
writeFileSync(join(results, `${options.out}.json`), `${JSON.stringify({ machine, rows, latencies }, null, 1)}\n`)
writeFileSync(join(results, `${options.out}.md`), `# The whole road beside its peers\n\n${machine}.\n\n${table}\n`)
process.stdout.write(`${table}\n`)
rmSync(folder, { recursive: true, force: true })
