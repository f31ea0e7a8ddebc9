/** Trains our model on a plan's examples; a model that was trained before on the same is taken from below build/. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeModel } from '../../services/spam-scoring/src/model/model-file.ts'
import { trainModel } from '../../services/spam-scoring/src/train/train-model.ts'
import type { Example } from './corpus.ts'
import { learnable } from './recipe.ts'
import { digest } from './score-store.ts'

const folder = fileURLToPath(new URL('../../build/quality/models', import.meta.url))

/** The path of the model's file. */
export function trainOurs(examples: readonly Example[]): string {
  const path = `${folder}/${digest(ourVersion(), ...examples.map(({ id, bytes }) => id + digest(bytes)))}.model`
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true })
    const { model } = trainModel(examples.map(learnable), { date: 'none', note: 'Trained to be measured.' })
    writeFileSync(path, writeModel(model))
  }
  return path
}

/** Of the sources that decide what a message's score is. */
export function ourVersion(): string {
  const roots = [
    'services/spam-scoring/src/model',
    'services/spam-scoring/src/train',
    'services/spam-scoring/src/combined-points.ts',
    'services/spam-scoring/src/score-content.ts',
    'libs/mail/src',
    'test/quality/recipe.ts',
  ]
  return digest(
    ...roots.flatMap((root) => sources(fileURLToPath(new URL(`../../${root}`, import.meta.url)))).map((file) => readFileSync(file)),
  )
}

function sources(path: string): string[] {
  if (path.endsWith('.ts')) return [path]
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort()
    .map((name) => `${path}/${name}`)
}
