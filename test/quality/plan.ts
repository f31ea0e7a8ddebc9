/** What is trained on what, and what is measured on what. */
import { type Example, readCorpus } from './corpus.ts'
import { sample, splitBy, splitByHash } from './split.ts'
import { transactional } from './transactional.ts'

export interface Training {
  readonly name: string
  readonly examples: readonly Example[]
}

export interface Evaluation {
  /** The name of what the scorers that learn have learned from. */
  readonly training: string
  readonly name: string
  readonly examples: readonly Example[]
  /** False where there are too many messages for a scorer that does ten a second. */
  readonly isForSlow: boolean
}

export interface Plan {
  readonly trainings: readonly Training[]
  readonly evaluations: readonly Evaluation[]
  /** The messages whose scoring is timed: the same for every scorer. */
  readonly timed: readonly Example[]
}

const firstHalf = ['easy-ham-1', 'hard-ham-1', 'spam-1']
const secondHalf = ['easy-ham-2', 'hard-ham-2', 'spam-2']
/** What a model that ships may learn from besides the corpus: synthetic mail of other templates than those that measure. */
const syntheticTraining = 600
const syntheticMeasuring = 3000
const syntheticSample = 1000

/** Undefined where the corpus is not at hand. */
export function makePlan(): Plan | undefined {
  const corpus = readCorpus()
  if (!corpus) return undefined
  const all = [...corpus]
  const main = all.filter(({ source }) => source === 'spamassassin')
  const unseen = all.filter(({ source }) => source !== 'spamassassin')
  const synthetic = [...transactional('measuring', syntheticMeasuring)]
  const byHash = splitByHash(main)
  const unseenSample = sample(unseen.filter(isEven), (_, source) => (source === 'glitchyzorua' ? 100 : 300))
  const hashSample = sample(byHash.test, (label) => (label === 'ham' ? 450 : 400))
  const shipped = [
    ...main,
    ...unseen.filter(({ source }) => source === 'glitchyzorua'),
    ...transactional('training', syntheticTraining),
  ]
  const groups = [...new Set(main.map(({ group }) => group))].sort()
  const halves = [
    { training: 'groups-1', ...splitBy(main, 'group', secondHalf) },
    { training: 'groups-2', ...splitBy(main, 'group', firstHalf) },
  ]
  const left = groups.map((group) => ({ group, training: `without-${group}`, ...leftOut(main, group) }))
  return {
    timed: hashSample,
    trainings: [
      { name: 'hash', examples: byHash.train },
      { name: 'all', examples: main },
      ...halves.map(({ training, train }) => ({ name: training, examples: train })),
      { name: 'shipped', examples: shipped },
      ...left.map(({ training, train }) => ({ name: training, examples: train })),
    ],
    evaluations: [
      { training: 'hash', name: 'hash, sample', examples: hashSample, isForSlow: true },
      { training: 'hash', name: 'hash, whole', examples: byHash.test, isForSlow: false },
      ...halves.flatMap(({ training, test }) => [
        { training, name: `${training}, sample`, examples: sample(test, () => 300), isForSlow: true },
        { training, name: `${training}, whole`, examples: test, isForSlow: false },
      ]),
      { training: 'all', name: 'unseen sources, sample', examples: unseenSample, isForSlow: true },
      { training: 'all', name: 'unseen sources, whole', examples: unseen, isForSlow: false },
      ...left.map(({ training, group, test }) => ({ training, name: `left out: ${group}`, examples: test, isForSlow: false })),
      { training: 'all', name: 'synthetic, sample', examples: synthetic.slice(0, syntheticSample), isForSlow: true },
      { training: 'all', name: 'synthetic, whole', examples: synthetic, isForSlow: false },
      { training: 'shipped', name: 'shipped: unseen sources, sample', examples: unseenSample, isForSlow: true },
      { training: 'shipped', name: 'shipped: synthetic, sample', examples: synthetic.slice(0, syntheticSample), isForSlow: true },
      { training: 'shipped', name: 'shipped: synthetic, whole', examples: synthetic, isForSlow: false },
    ],
  }
}

/** Tested on the whole group, and on half of the other class from the other groups; trained on the other half of the other groups. */
function leftOut(main: readonly Example[], group: string) {
  const { train: others, test: whole } = splitBy(main, 'group', [group])
  const halves = splitByHash(others)
  const label = whole[0]?.label
  return { train: halves.train, test: [...whole, ...halves.test.filter((example) => example.label !== label)] }
}

function isEven({ id }: Example): boolean {
  return Number.parseInt(id.slice(0, 8), 16) % 2 === 0
}
