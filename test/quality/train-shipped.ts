/**
 * `npm run train:shipped -- --date DATE`: trains the model that comes with the gateway, on what the terms of the corpus allow and
 * on synthetic mail, and writes it with its report. The same corpus gives the same bytes.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { shippedModel } from '../../services/spam-scoring/src/config.ts'
import { writeModel } from '../../services/spam-scoring/src/model/model-file.ts'
import { trainingReport } from '../../services/spam-scoring/src/train/report.ts'
import { trainModel } from '../../services/spam-scoring/src/train/train-model.ts'
import { readCorpus, sourcesForTraining } from './corpus.ts'
import { learnable } from './recipe.ts'
import { transactional } from './transactional.ts'

const syntheticCount = 600

const { values } = parseArgs({ options: { date: { type: 'string' } } })
const corpus = readCorpus(sourcesForTraining)
if (!corpus || values.date === undefined) {
  process.stderr.write(corpus ? 'usage: npm run train:shipped -- --date 2026-01-31\n' : 'There is no corpus beside the project.\n')
  process.exit(2)
}
const examples = [...corpus, ...transactional('training', syntheticCount)].map(learnable)
const note =
  'Trained on the SpamAssassin public corpus, the GlitchyZorua scam archive (both stripped), and synthetic transactional mail.'
const trained = trainModel(examples, { date: values.date, note })
const file = writeModel(trained.model)
writeFileSync(shippedModel, file)
writeFileSync(shippedModel.replace(/\.model$/, '.report.md'), trainingReport(trained, file.length))
process.stderr.write(`${shippedModel}: ${file.length} bytes\n`)
