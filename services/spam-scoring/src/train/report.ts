/** The report of a training: what was learned from, and how well models did on groups that they had not seen. */
import { maxModelPoints, pointsPerNat } from '../model/points.ts'
import { areaUnderCurve, recallAt, type Scored, shareFrom } from './rank.ts'
import type { FoldScore, Trained } from './train-model.ts'

/** Points at which shares are told; 8 and 15 are the `holdAt` and `rejectAt` of the sample policy. */
const levels = [1, 3, 5, 8, 15]

/** Markdown. `fileBytes` is the size of the model file. */
export function trainingReport(trained: Trained, fileBytes: number): string {
  const { model, folds } = trained
  const all = folds.flat()
  const { slope, shift } = model.calibration
  return `# Training report

${model.origin.note}

- Trained on ${model.origin.date}, for features of version ${model.featureVersion}.
- ${trained.groupCount} groups (what the same sender sent); ${trained.keptFeatures} features occur in enough of them; ${trained.weightsKept} weights are not 0 in 8 bits, in 2^${model.weights.bucketBits} buckets; ${fileBytes} bytes.
- Log odds = ${slope.toFixed(3)} × margin + ${shift.toFixed(3)} (Platt, on the folds below). Points = ${pointsPerNat} × log odds, from 0 to ${maxModelPoints}.

| source | ham | spam |
| --- | --: | --: |
${model.origin.sources.map(({ name, ham, spam }) => `| ${name} | ${ham} | ${spam} |`).join('\n')}

## Folds

Whole groups are left out in turn, and scored by a model that was trained on the rest.

| fold | ham | spam | ROC AUC | recall at 1 % false positives | at 0.1 % |
| --- | --: | --: | --: | --: | --: |
${folds.map((fold, at) => foldRow(`${at + 1}`, fold)).join('\n')}
${foldRow('all', all)}

## Points of messages from groups not seen

| class | source | messages | ${levels.map((level) => `≥ ${level}`).join(' | ')} |
| --- | --- | --: | ${levels.map(() => '--:').join(' | ')} |
${pointRows(all)}

## Calibration

Of the messages in each row, what share is spam, both classes counting the same in all; and what the scores in the row say.

| log odds | ham | spam | share of spam | said |
| --- | --: | --: | --: | --: |
${calibrationRows(all)}
`
}

const number = (value: number, digits: number): string => (Number.isNaN(value) ? '–' : value.toFixed(digits))
const percent = (share: number): string => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(2)} %`)

function foldRow(name: string, fold: readonly Scored[]): string {
  const spam = fold.filter(({ isSpam }) => isSpam).length
  const figures = [areaUnderCurve(fold), recallAt(fold, 0.01), recallAt(fold, 0.001)]
  return `| ${name} | ${fold.length - spam} | ${spam} | ${number(figures[0] ?? 0, 4)} | ${number(figures[1] ?? 0, 3)} | ${number(figures[2] ?? 0, 3)} |`
}

function pointRows(scored: readonly FoldScore[]): string {
  const rows: string[] = []
  for (const isSpam of [false, true]) {
    for (const source of [...new Set(scored.filter((one) => one.isSpam === isSpam).map((one) => one.source))].sort()) {
      const chosen = scored.filter((one) => one.isSpam === isSpam && one.source === source)
      const shares = levels.map((level) => percent(shareFrom(chosen, isSpam, level / pointsPerNat)))
      rows.push(`| ${isSpam ? 'spam' : 'ham'} | ${source} | ${chosen.length} | ${shares.join(' | ')} |`)
    }
  }
  return rows.join('\n')
}

const edges = [Number.NEGATIVE_INFINITY, -8, -5, -3, -1, 1, 3, 5, 8, Number.POSITIVE_INFINITY]

function calibrationRows(scored: readonly Scored[]): string {
  const total = { spam: scored.filter(({ isSpam }) => isSpam).length, ham: scored.filter(({ isSpam }) => !isSpam).length }
  return edges
    .slice(1)
    .map((to, at) => {
      const from = edges[at] ?? 0
      const within = scored.filter(({ score }) => score >= from && score < to)
      const spam = within.filter(({ isSpam }) => isSpam).length
      const ham = within.length - spam
      const [spamRate, hamRate] = [spam / total.spam, ham / total.ham]
      const said = within.reduce(
        (sum, { score, isSpam }) => sum + 1 / (1 + Math.exp(-score)) / (isSpam ? total.spam : total.ham),
        0,
      )
      const name = at === 0 ? `under ${to}` : to === Number.POSITIVE_INFINITY ? `${from} and more` : `${from} to ${to}`
      return `| ${name} | ${ham} | ${spam} | ${percent(spamRate / (spamRate + hamRate))} | ${percent(said / (spamRate + hamRate))} |`
    })
    .join('\n')
}
