/**
 * The whole road: `smtp-source` → gateway → `smtp-sink`, beside plain Postfix in the same run, interleaved, medians.
 *
 *   node test/bench/road.ts [--rounds 3] [--seconds 3] [--systems postfix,sallyport] [--sizes 1k,10k,100k]
 *     [--connections 1,20,100] [--modes new,kept] [--warmup 4000] [--profile FOLDER]
 *
 * Needs root and the packages postfix and postfix-lmdb of Debian. Writes results/road.json and results/road.md.
 */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startSallyport } from './gateway.ts'
import { measureLatency } from './latency.ts'
import { startPostfix } from './postfix.ts'
import { cpuSeconds, memoryMib } from './processes.ts'
import { type Sink, startSink } from './sink.ts'
import type { System } from './system.ts'
import { messageOf, recipient, sender } from './workload.ts'

type Size = '1k' | '10k' | '100k'

interface Row {
  readonly system: string
  readonly size: Size
  readonly connections: number
  readonly mode: string
  readonly messages: number
  /** Last message at the next hop. */
  readonly perSecond: number
  readonly acceptedPerSecond: number
  readonly cpuSecondsPer1000: number
  readonly memoryMib: number
}

interface LatencyRow {
  readonly system: string
  readonly size: Size
  readonly p50Ms: number
  readonly p99Ms: number
}

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    systems: { type: 'string', default: 'postfix,sallyport' },
    sizes: { type: 'string', default: '1k,10k,100k' },
    connections: { type: 'string', default: '1,20,100' },
    modes: { type: 'string', default: 'new,kept' },
    warmup: { type: 'string', default: '4000' },
    profile: { type: 'string' },
    out: { type: 'string', default: 'road' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
chmodSync(folder, 0o755)
const sinkPort = 19_025
const sizes = options.sizes.split(',') as Size[]
const calibrated = new Map<string, number>()
const rows: Row[] = []
const latencies: LatencyRow[] = []

function start(name: string, port: number): Promise<System> {
  const at = { port, sinkPort, folder: join(folder, name) }
  if (name === 'postfix') return startPostfix(at)
  return startSallyport(at, options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : [])
}

function source(port: number, size: Size, connections: number, mode: string, messages: number): Promise<void> {
  const words = ['-C', '50', ...(mode === 'kept' ? ['-d'] : []), '-m', String(messages), '-s', String(connections)]
  const child = spawn(
    'smtp-source',
    [...words, '-f', sender, '-t', recipient, '-F', join(folder, `${size}.eml`), `127.0.0.1:${port}`],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`smtp-source: ${said.trim().slice(0, 200)}`))))
  })
}

async function measure(system: System, sink: Sink, size: Size, connections: number, mode: string, messages: number): Promise<Row> {
  const counted = sink.count()
  const cpu = cpuSeconds(system.pid)
  const began = performance.now()
  await source(system.port, size, connections, mode, messages)
  const accepted = performance.now() - began
  await sink.reached(counted, messages, 120_000)
  const arrived = sink.lastChange() - began
  return {
    system: system.name,
    size,
    connections,
    mode,
    messages,
    perSecond: Math.round((messages / arrived) * 1000),
    acceptedPerSecond: Math.round((messages / accepted) * 1000),
    cpuSecondsPer1000: Number((((cpuSeconds(system.pid) - cpu) * 1000) / messages).toFixed(3)),
    memoryMib: memoryMib(system.pid),
  }
}

async function round(system: System, sink: Sink): Promise<void> {
  // A server runs for weeks: what the first seconds of a process cost (compilation, caches) is not what is asked here.
  for (const mode of ['kept', 'new']) await measure(system, sink, '10k', 50, mode, Number(options.warmup))
  for (const size of sizes) {
    for (const mode of options.modes.split(',')) {
      for (const connections of options.connections.split(',').map(Number)) {
        const key = `${system.name} ${size} ${mode} ${connections}`
        let messages = calibrated.get(key)
        if (messages === undefined) {
          const trial = await measure(system, sink, size, connections, mode, Math.max(100, 4 * connections))
          messages = Math.round(Math.min(Math.max(trial.perSecond * Number(options.seconds), 100, 5 * connections), 20_000))
          calibrated.set(key, messages)
        }
        const row = await measure(system, sink, size, connections, mode, messages)
        rows.push(row)
        process.stdout.write(`${JSON.stringify(row)}\n`)
      }
    }
    const latency = { system: system.name, size, ...(await measureLatency(system.port, messageOf(size), 300)) }
    latencies.push(latency)
    process.stdout.write(`${JSON.stringify(latency)}\n`)
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

function table(): string {
  const lines = [
    '| size | connections | mode | Postfix/s | Sallyport/s | ratio | Postfix CPU s/1,000 | Sallyport CPU s/1,000 | ratio |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  ]
  const of = (system: string, like: Row, field: 'perSecond' | 'cpuSecondsPer1000'): number =>
    median(
      rows
        .filter(
          (row) =>
            row.system === system && row.size === like.size && row.connections === like.connections && row.mode === like.mode,
        )
        .map((row) => row[field]),
    )
  const seen = new Set<string>()
  for (const row of rows) {
    const key = `${row.size} ${row.mode} ${row.connections}`
    if (seen.has(key)) continue
    seen.add(key)
    const [theirs, ours] = [of('postfix', row, 'perSecond'), of('sallyport', row, 'perSecond')]
    const [theirCpu, ourCpu] = [of('postfix', row, 'cpuSecondsPer1000'), of('sallyport', row, 'cpuSecondsPer1000')]
    lines.push(
      `| ${row.size} | ${row.connections} | ${row.mode} | ${theirs} | ${ours} | ${(ours / theirs).toFixed(2)} | ${theirCpu} | ${ourCpu} | ${(ourCpu / theirCpu).toFixed(2)} |`,
    )
  }
  lines.push(
    '',
    'DATA→250 on one kept connection, one message at a time:',
    '',
    '| size | system | p50 ms | p99 ms |',
    '| --- | --- | --- | --- |',
  )
  for (const size of sizes) {
    for (const system of options.systems.split(',')) {
      const of = (field: 'p50Ms' | 'p99Ms'): number =>
        median(latencies.filter((row) => row.system === system && row.size === size).map((row) => row[field]))
      lines.push(`| ${size} | ${system} | ${of('p50Ms')} | ${of('p99Ms')} |`)
    }
  }
  return lines.join('\n')
}

for (const size of ['1k', '10k', '100k'] as const) writeFileSync(join(folder, `${size}.eml`), messageOf(size))
const sink = await startSink(sinkPort)
try {
  for (let index = 0; index < Number(options.rounds); index++) {
    for (const name of options.systems.split(',')) {
      const system = await start(name, 19_100 + index * 10 + (name === 'postfix' ? 1 : 2))
      try {
        await round(system, sink)
      } finally {
        await system.stop()
        rmSync(join(folder, name), { recursive: true, force: true })
      }
    }
  }
} finally {
  await sink.stop()
}
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, shared by source, sink and system; ${options.rounds} interleaved rounds, medians; load ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]} at the end`
const results = join(import.meta.dirname, 'results')
writeFileSync(join(results, `${options.out}.json`), `${JSON.stringify({ machine, rows, latencies }, null, 1)}\n`)
writeFileSync(join(results, `${options.out}.md`), `# The whole road beside plain Postfix\n\n${machine}.\n\n${table()}\n`)
process.stdout.write(`${table()}\n`)
rmSync(folder, { recursive: true, force: true })
