/**
 * The records: events a second, then questions at many messages, then disk. `node test/bench/records.ts --store sqlite`
 * (or postgresql) `[--messages 200000] [--copies 25] [--folder F] [--write]`.
 *
 * `messages` come in as the console takes them: events in batches of 1,000 into the store's own thread. They are then copied in
 * the database, each copy another stretch of the 30 days, so that millions are there in minutes. A folder that is given stays, and
 * is only asked the next time. `--write` puts the figures into results/records.{json,md}.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Records } from '@sallyport/records'
import { message, recorded, type Told } from './records/day-of-mail.ts'
import { postgresStage } from './records/postgres-stage.ts'
import { type Timed, timeQuestions } from './records/questions.ts'
import { sqliteStage } from './records/sqlite-stage.ts'

/** Where records are filled and copied. */
export interface Stage {
  open(): Promise<Records>
  /** Copies everything, the newest of `newestAt`, `copies` − 1 times, each `shiftMs` older than the one before. Nobody has it open. */
  copy(copies: number, shiftMs: number, newestAt: number): Promise<void>
  stop(): Promise<void>
}

/** How a folder was filled. */
interface Filled {
  readonly newestAt: number
  readonly base: number
  readonly copies: number
  readonly eventsPerSecond: number
  readonly cpuMsPer1000Events: number
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
const month = 30 * 86_400_000
const batch = 1_000

const folder = values.folder === undefined ? mkdtempSync(join(tmpdir(), 'sallyport-records-')) : resolve(values.folder)
mkdirSync(folder, { recursive: true })
const stage = values.store === 'sqlite' ? sqliteStage(folder) : await postgresStage(folder)
try {
  const figures = await measure()
  print(figures)
  if (values.write) write(figures)
} finally {
  await stage.stop()
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true })
}

async function measure(): Promise<Figures> {
  const note = join(folder, 'filled.json')
  const filled: Filled = existsSync(note)
    ? JSON.parse(readFileSync(note, 'utf8'))
    : await fill({ newestAt: Date.now(), base: Number(values.messages), copies: Number(values.copies) })
  writeFileSync(note, JSON.stringify(filled))
  const records = await stage.open()
  const { messages, bytes } = await records.state()
  console.error(`there: ${messages} messages, ${(bytes / 1e9).toFixed(1)} GB`)
  const known = Array.from({ length: Math.ceil(filled.base / 100) }, (_, index) => messageOf(filled, index * 100))
  const timed = await timeQuestions(records, known, filled.newestAt)
  await records.close()
  return {
    store: values.store,
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, node ${process.version}, load ${loadavg()[0]?.toFixed(1)} at the end`,
    messages,
    eventsPerSecond: filled.eventsPerSecond,
    cpuMsPer1000Events: filled.cpuMsPer1000Events,
    bytesPerMillion: Math.round((bytes / messages) * 1e6),
    timed,
  }
}

type Plan = Pick<Filled, 'newestAt' | 'base' | 'copies'>

function shiftOf({ copies }: Plan): number {
  return Math.floor(month / copies)
}

function messageOf(plan: Plan, index: number): Told {
  return message(index, plan.newestAt - shiftOf(plan) + Math.floor((index * shiftOf(plan)) / plan.base))
}

async function fill(plan: Plan): Promise<Filled> {
  const filling = await stage.open()
  let [events, appendMs, makingCpu] = [0, 0, 0]
  const cpuBefore = process.cpuUsage()
  for (let index = 0; index < plan.base; ) {
    const making = process.cpuUsage()
    const rows = []
    for (; rows.length < batch && index < plan.base; index++) {
      for (const event of messageOf(plan, index).events) rows.push(recorded(event, events++))
    }
    const made = process.cpuUsage(making)
    makingCpu += made.user + made.system
    const begin = performance.now()
    await filling.append(rows)
    appendMs += performance.now() - begin
  }
  const cpu = process.cpuUsage(cpuBefore)
  await filling.close()
  const eventsPerSecond = Math.round(events / (appendMs / 1000))
  console.error(`filled: ${eventsPerSecond} events/s`)
  await stage.copy(plan.copies, shiftOf(plan), plan.newestAt)
  return { ...plan, eventsPerSecond, cpuMsPer1000Events: Math.round((cpu.user + cpu.system - makingCpu) / events) }
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
