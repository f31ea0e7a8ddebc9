/** Trains our model on a plan's examples; a model that was trained before on the same is taken from below build/. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { lintInput, readMime } from '@sallyport/mail'
import { FeatureBag } from '../../services/spam-scoring/src/model/feature-bag.ts'
import { extractFeatures } from '../../services/spam-scoring/src/model/features.ts'
import { writeModel } from '../../services/spam-scoring/src/model/model-file.ts'
import { trainModel } from '../../services/spam-scoring/src/train/train-model.ts'
import { type TrainingExample, trainingExample } from '../../services/spam-scoring/src/train/training-example.ts'
import type { Example } from './corpus.ts'
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

const bag = new FeatureBag()

function learnable({ bytes, label, source }: Example): TrainingExample {
  const mime = readMime(bytes)
  const facts = { mime, sender: '', recipients: [], isBulk: false, isSmtpUtf8: false, receivedAt: 0 }
  extractFeatures(lintInput(facts), bag)
  const from = /^From:\s*(.+)$/im.exec(Buffer.from(bytes.subarray(0, 4096)).toString('latin1'))?.[1] ?? ''
  return trainingExample(bag, { isSpam: label === 'spam', group: from.toLowerCase(), source, weight: 1 })
}

/** Of the sources that decide what a message's score is. */
export function ourVersion(): string {
  const roots = [
    'services/spam-scoring/src/model',
    'services/spam-scoring/src/train',
    'services/spam-scoring/src/score-content.ts',
    'libs/mail/src',
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
