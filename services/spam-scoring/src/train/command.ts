/** The training command: a model of the organization's own mail. */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readModel, writeModel } from '../model/model-file.ts'
import { learn, mailingOf } from './learn.ts'
import { messagesAt } from './mail-files.ts'
import { trainingReport } from './report.ts'
import { defaultFitOptions, trainModel } from './train-model.ts'
import type { TrainingExample } from './training-example.ts'

const usage = `npm run train -- --ham PATH... --spam PATH... --out FILE [options]

  --ham PATH     mail that is wanted: a folder of messages, a Maildir, an mbox file or one message; may be repeated
  --spam PATH    mail that is not; may be repeated
  --out FILE     the model; its report is written beside it as FILE.report.md
  --prior FILE   begin with this model (the one that comes with the gateway, say) and change it only where the mail says so
  --date DATE    what the model says of when it was trained; default today
  --note TEXT    one sentence about it

Some hundred messages of each are the least that gives a model of its own; with --prior some dozens are of use.
`
/** Ten times the usual: a few messages of one's own shall not overturn what thousands taught. */
const penaltyWithPrior = 1e-4
/** Fewer do not make folds. */
const leastOfEach = 20

/** Runs the command, `say` being told what a user is told. Returns the exit code. Fails where a file cannot be read or written. */
export function trainCommand(args: readonly string[], say: (text: string) => void): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ham: { type: 'string', multiple: true, default: [] },
      spam: { type: 'string', multiple: true, default: [] },
      out: { type: 'string' },
      prior: { type: 'string' },
      date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
      note: { type: 'string', default: 'Trained on mail of the organization.' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help || values.out === undefined || values.ham.length === 0 || values.spam.length === 0) {
    say(usage)
    return values.help ? 0 : 2
  }
  const examples = [...examplesAt(values.ham, false), ...examplesAt(values.spam, true)]
  const spam = examples.filter(({ isSpam }) => isSpam).length
  say(`${examples.length - spam} messages of ham, ${spam} of spam\n`)
  if (spam < leastOfEach || examples.length - spam < leastOfEach) {
    say(`At least ${leastOfEach} of each are needed.\n`)
    return 1
  }
  const prior = values.prior === undefined ? undefined : readModel(readFileSync(values.prior)).weights
  const trained = trainModel(
    examples,
    { date: values.date, note: values.note },
    prior === undefined ? defaultFitOptions : { ...defaultFitOptions, penalty: penaltyWithPrior, prior },
  )
  const file = writeModel(trained.model)
  writeFileSync(values.out, file)
  writeFileSync(`${values.out}.report.md`, trainingReport(trained, file.length))
  say(`${values.out}: ${file.length} bytes; its report is beside it\n`)
  return 0
}

function* examplesAt(paths: readonly string[], isSpam: boolean): Generator<TrainingExample> {
  for (const path of paths)
    for (const content of messagesAt(path)) yield learn(content, { isSpam, source: path, group: mailingOf(content) })
}
