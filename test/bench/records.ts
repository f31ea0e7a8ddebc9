/**
 * The records: events a second, then questions at many messages, then disk. `node test/bench/records.ts --store sqlite`
 * (or postgresql) `[--messages 200000] [--copies 25] [--folder F] [--write]`.
 *
 * `messages` come in as the console takes them: events in batches of 1,000 into the store's own thread. They are then copied in
 * the database, each copy another stretch of the 30 days, so that millions are there in minutes. `--write` puts the figures into
 * results/records.{json,md}.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Records } from '@sallyport/records'
import { message, recorded, type Told } from './records/day-of-mail.ts'
import { postgresStage } from './records/postgres-stage.ts'
import { type Timed, timeQuestions } from './records/questions.ts'
import { sqliteStage } from './records/sqlite-stage.ts'

/** Where records are filled and copied. */
export interface Stage {
  open(): Promise<Records>
  /** Copies everything `copies` − 1 times, each `shiftMs` older than the one before. Nobody else has it open. */
  copy(copies: number, shiftMs: number): Promise<void>
  stop(): Promise<void>
}

interface Figures {
  readonly store: string
  readonly machine: string
  readonly messages: number
  readonly eventsPerSecond: number
  readonly cpuMsPer1000Events: number
  readonly bytesPerMillion: number
  readonly timed: readonly Timed[]
}

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    messages: { type: 'string', default: '200000' },
    copies: { type: 'string', default: '25' },
    folder: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const [base, copies] = [Number(values.messages), Number(values.copies)]
const month = 30 * 86_400_000
const shiftMs = Math.floor(month / copies)
const newestAt = Date.now()
const batch = 1_000

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'sallyport-records-'))
const stage = values.store === 'sqlite' ? sqliteStage(folder) : await postgresStage(newestAt)
try {
  const figures = await measure()
  print(figures)
  if (values.write) write(figures)
} finally {
  await stage.stop()
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true })
}

async function measure(): Promise<Figures> {
  const known: Told[] = []
  const filling = await stage.open()
  let [events, appendMs] = [0, 0]
  const cpuBefore = process.cpuUsage()
  let makingCpu = 0
  for (let index = 0; index < base; ) {
    const making = process.cpuUsage()
    const rows = []
    for (; rows.length < batch && index < base; index++) {
      const told = message(index, newestAt - shiftMs + Math.floor((index * shiftMs) / base))
      if (index % 100 === 0) known.push(told)
      for (const event of told.events) rows.push(recorded(event, events++))
    }
    const made = process.cpuUsage(making)
    makingCpu += made.user + made.system
    const begin = performance.now()
    await filling.append(rows)
    appendMs += performance.now() - begin
  }
  const cpu = process.cpuUsage(cpuBefore)
  await filling.close()
  console.error(`filled: ${Math.round(events / (appendMs / 1000))} events/s`)
  await stage.copy(copies, shiftMs)
  const records = await stage.open()
  const { messages, bytes } = await records.state()
  console.error(`copied: ${messages} messages, ${(bytes / 1e9).toFixed(1)} GB`)
  const timed = await timeQuestions(records, known, newestAt)
  await records.close()
  return {
    store: values.store,
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, node ${process.version}, load ${loadavg()[0]?.toFixed(1)} at the end`,
    messages,
    eventsPerSecond: Math.round(events / (appendMs / 1000)),
    cpuMsPer1000Events: Math.round((cpu.user + cpu.system - makingCpu) / events),
    bytesPerMillion: Math.round((bytes / messages) * 1e6),
    timed,
  }
}

function print({ timed, ...figures }: Figures): void {
  console.log(figures)
  console.table(timed)
}

function write(figures: Figures): void {
  const path = join(import.meta.dirname, 'results', 'records.json')
  let before: readonly Figures[] = []
  try {
    before = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const all = [...before.filter(({ store }) => store !== figures.store), figures]
  writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`)
  writeFileSync(path.replace(/json$/, 'md'), all.map(page).join('\n'))
}

function page({ store, machine, messages, timed, ...figures }: Figures): string {
  return `# Records on ${store === 'sqlite' ? 'SQLite' : 'PostgreSQL 15'}: ${(messages / 1e6).toFixed(1)} million messages in 30 days

${machine}. Written by \`node test/bench/records.ts\`: what is in it, and how it was filled, stands at its head.

- ${figures.eventsPerSecond.toLocaleString('en')} events/s into the store, flushed every 1,000; ${figures.cpuMsPer1000Events} ms of CPU for 1,000 events${store === 'sqlite' ? '' : ', without the server'}
- ${(figures.bytesPerMillion / 1e9).toFixed(2)} GB on disk for a million messages of 2.9 events each

| question | p50 ms | p95 ms | max ms |
| --- | --- | --- | --- |
${timed.map(({ question, p50, p95, max }) => `| ${question} | ${p50} | ${p95} | ${max} |`).join('\n')}
`
}
