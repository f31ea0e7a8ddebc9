/**
 * What a flood from one application does to another: messages of the quiet one, one at a time, with and without 20,000 messages of
 * the other at the same time, in turns within one run.
 *
 *   node test/bench/flood.ts [--rounds 3] [--messages 20000] [--connections 20] [--kinds limited,waiting,unlimited]
 *     [--profile FOLDER] [--out flood]
 *
 * Writes results/<out>.json and results/<out>.md.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type FloodKind, floodKinds, floodPolicy } from './flood/applications.ts'
import { type FloodRow, floodTable, rowOf } from './flood/flood-table.ts'
import { startProbe, startTimedSink, type Times } from './flood/probe.ts'
import { startGateway } from './gateway.ts'
import { addresses } from './workload.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    messages: { type: 'string', default: '20000' },
    connections: { type: 'string', default: '20' },
    kinds: { type: 'string', default: 'limited,waiting,unlimited' },
    profile: { type: 'string' },
    out: { type: 'string', default: 'flood' },
  },
})
const kinds = (Object.keys(floodKinds) as FloodKind[]).filter((kind) => values.kinds.split(',').includes(kind))
const pauseMs = 5
const quietMs = 12_000
const warmUpMs = 8_000
const folder = mkdtempSync(join(tmpdir(), 'sallyport-flood-'))

interface Flood {
  readonly codes: Readonly<Record<string, number>>
  readonly seconds: number
}

/** Resolves when the last message of the flood is answered. */
async function flood(port: number, messages: number, sender: string): Promise<Flood> {
  const began = performance.now()
  const script = join(import.meta.dirname, 'flood/flood-source.ts')
  const child = spawn(process.execPath, [script, String(port), String(messages), values.connections, sender])
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  child.stderr.pipe(process.stderr)
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error('the flood broke off')
  return { codes: JSON.parse(said), seconds: (performance.now() - began) / 1000 }
}

const after = (ms: number): (() => boolean) => {
  const until = performance.now() + ms
  return () => performance.now() >= until
}

async function measure(kind: FloodKind, place: number): Promise<FloodRow> {
  const sinkPort = 19_400 + place
  const sink = await startTimedSink(sinkPort)
  const at = { port: 19_410 + place, sinkPort, folder: join(folder, kind) }
  const nodeFlags = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : []
  const system = await startGateway(at, floodPolicy(kind, sinkPort, at.folder), nodeFlags)
  try {
    const probe = await startProbe(at.port, sink, pauseMs)
    const quiet: Times[] = []
    const flooded: Times[] = []
    const floods: Flood[] = []
    const probing = probe.run(after(warmUpMs))
    await flood(at.port, 3_000, addresses[99] ?? '')
    await probing
    for (let index = 0; index < Number(values.rounds); index++) {
      quiet.push(await probe.run(after(quietMs)))
      let isOver = false
      const flooding = flood(at.port, Number(values.messages), addresses[100 + index] ?? '').finally(() => {
        isOver = true
      })
      flooded.push(await probe.run(() => isOver))
      floods.push(await flooding)
      process.stdout.write(`${kind} ${index + 1}: ${JSON.stringify(floods.at(-1))}\n`)
    }
    probe.close()
    return rowOf(kind, quiet, flooded, floods)
  } finally {
    await system.stop()
    await sink.stop()
    rmSync(at.folder, { recursive: true, force: true })
  }
}

const rows: FloodRow[] = []
for (const [place, kind] of kinds.entries()) rows.push(await measure(kind, place))
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, shared by flood, next hop, gateway and the one who measures; load ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]} at the end`
const table = floodTable(
  rows,
  `${values.messages} messages of 10 KiB over ${values.connections} connections, ${values.rounds} rounds. ${machine}.`,
)
const results = join(import.meta.dirname, 'results')
writeFileSync(join(results, `${values.out}.json`), `${JSON.stringify({ machine, rows }, null, 1)}\n`)
writeFileSync(join(results, `${values.out}.md`), table)
process.stdout.write(table)
rmSync(folder, { recursive: true, force: true })
