/** Scores and costs that were found before, below build/, so that a rerun asks only for what is new. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Type from 'typebox'
import { Value } from 'typebox/value'

const folder = fileURLToPath(new URL('../../build/quality/scores', import.meta.url))

const costSchema = Type.Object({
  messages: Type.Number(),
  bytes: Type.Number(),
  cpuSeconds: Type.Number(),
  memoryMib: Type.Number(),
})
const fileSchema = Type.Object({
  key: Type.String(),
  scores: Type.Record(Type.String(), Type.Number()),
  cost: Type.Optional(costSchema),
})

/** What scoring the timed messages took. */
export type Cost = Type.Static<typeof costSchema>

export interface ScoreStore {
  readonly scores: Map<string, number>
  cost: Cost | undefined
  save(): void
}

/** Empty where the scores on file were found by another version or after other training. */
export function openScores(name: string, key: string): ScoreStore {
  const path = `${folder}/${name.replace(/\W+/g, '-').toLowerCase()}.json`
  const found = read(path)
  const isSame = found?.key === key
  const scores = new Map(isSame ? Object.entries(found.scores) : [])
  return {
    scores,
    cost: isSame ? found.cost : undefined,
    save() {
      mkdirSync(folder, { recursive: true })
      writeFileSync(`${path}.new`, JSON.stringify({ key, scores: Object.fromEntries(scores), cost: this.cost }))
      renameSync(`${path}.new`, path)
    },
  }
}

function read(path: string): Type.Static<typeof fileSchema> | undefined {
  if (!existsSync(path)) return undefined
  const file: unknown = JSON.parse(readFileSync(path, 'utf8'))
  return Value.Check(fileSchema, file) ? file : undefined
}

export function digest(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex').slice(0, 32)
}
