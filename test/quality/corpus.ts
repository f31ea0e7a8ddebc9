/** The labelled messages of others, read where they lie beside the project and unpacked below build/; absent = undefined. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { strip } from './strip.ts'

export type Label = 'ham' | 'spam'

/** One message of one class, ready to be scored. */
export interface Example {
  readonly source: string
  readonly label: Label
  /** What was collected together: never split it between training and test where the figures must not flatter. */
  readonly group: string
  /** SHA-256 of the file as published, lower-case hex. */
  readonly id: string
  /** As its sender would hand it over, stripped. */
  readonly bytes: Uint8Array
}

/** Sources whose terms allow a model that ships; all others only measure. */
export const sourcesForTraining: readonly string[] = ['spamassassin', 'glitchyzorua']

const projectRoot = fileURLToPath(new URL('../../', import.meta.url))
const published = `${projectRoot}../shared/corpus`
const unpacked = `${projectRoot}build/corpus`

/** Every message, stripped, in the index's order; undefined where the corpus is not at hand. Reads a file at a time. */
export function readCorpus(sources?: readonly string[]): Iterable<Example> | undefined {
  if (!existsSync(`${published}/index.jsonl.xz`) && !existsSync(`${unpacked}/mail`)) return undefined
  unpack()
  return examples(sources)
}

function* examples(sources?: readonly string[]): Generator<Example> {
  for (const row of index()) {
    if (sources && !sources.includes(row.source)) continue
    yield {
      source: row.source,
      label: row.label,
      group: row.group,
      id: row.id,
      bytes: strip(readFileSync(`${unpacked}/${row.path}`), row.id),
    }
  }
}

/** Once: into a folder of another name first, so that a half-unpacked corpus is never taken for a whole one. */
function unpack(): void {
  if (existsSync(`${unpacked}/mail`)) return
  const partial = `${unpacked}/unpacking.${process.pid}`
  mkdirSync(partial, { recursive: true })
  run('tar', ['-xJf', `${published}/mail.tar.xz`, '-C', partial])
  if (!existsSync(`${unpacked}/mail`)) renameSync(`${partial}/mail`, `${unpacked}/mail`)
}

interface Row {
  readonly path: string
  readonly source: string
  readonly label: Label
  readonly group: string
  readonly id: string
}

function index(): Row[] {
  const text = run('xz', ['-dc', `${published}/index.jsonl.xz`])
  return text.split('\n').filter(Boolean).map(parseRow)
}

function parseRow(line: string): Row {
  const row: unknown = JSON.parse(line)
  if (typeof row !== 'object' || row === null) throw new Error(`not a row of the corpus index: ${line.slice(0, 100)}`)
  const field = (name: string) => {
    const value: unknown = Reflect.get(row, name)
    return typeof value === 'string' ? value : ''
  }
  const label = field('label')
  if (label !== 'ham' && label !== 'spam') throw new Error(`no label: ${line.slice(0, 100)}`)
  const source = field('source')
  // one message stands under the group's older spelling
  const group = field('group').replace('spam_2', 'spam-2').replace('hard_ham_2', 'hard-ham-2') || source
  return { path: field('path'), source, label, group, id: field('sha256') }
}

function run(command: string, args: readonly string[]): string {
  const done = spawnSync(command, [...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (done.status !== 0) throw new Error(`${command} failed: ${done.error?.message ?? done.stderr}`)
  return done.stdout
}
