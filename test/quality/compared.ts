/** Which messages a table of the report has together, and the scorers over them. */
import { evaluationNamed, type PeerDifference, type Separation, scoresOf, separation } from './figures.ts'
import type { Measured } from './measure.ts'
import type { Scores } from './metrics.ts'
import { ourNames } from './our-modes.ts'
import { pairedDifference } from './paired.ts'
import type { Plan } from './plan.ts'

/** Messages of evaluations, of these sources or of all, that a table has together. */
export interface Compared {
  readonly name: string
  readonly parts: readonly (readonly [evaluation: string, sources: readonly string[] | undefined])[]
}

/** One source of spam against one of ham. */
export const bySource: readonly Compared[] = [
  ...['sample', 'whole'].flatMap((size) =>
    ['phishing_pot', 'glitchyzorua'].flatMap((spam): Compared[] => [
      { name: `${spam} against lists, ${size}`, parts: [[`unseen sources, ${size}`, [spam, 'lists']]] },
      {
        name: `${spam} against synthetic, ${size}`,
        parts: [
          [`unseen sources, ${size}`, [spam]],
          [`synthetic, ${size}`, undefined],
        ],
      },
    ]),
  ),
  {
    name: 'shipped: phishing_pot against synthetic, sample',
    parts: [
      ['shipped: unseen sources, sample', ['phishing_pot']],
      ['shipped: synthetic, sample', undefined],
    ],
  },
]

/** Undefined where the scorer lacks some of the messages. */
function scoresOver(given: Plan, one: Measured, parts: Compared['parts']): Scores | undefined {
  const found = parts.map(([name, sources]) => scoresOf(one, evaluationNamed(given, name), sources))
  if (found.includes(undefined)) return undefined
  return { ham: found.flatMap((scores) => scores?.ham ?? []), spam: found.flatMap((scores) => scores?.spam ?? []) }
}

/** A scorer that lacks some is left out. */
export function separationsOf(given: Plan, measured: readonly Measured[], parts: Compared['parts']): readonly Separation[] {
  return measured.flatMap((one) => {
    const scores = scoresOver(given, one, parts)
    return scores ? [separation(one, scores)] : []
  })
}

/** What the gateway gives less each peer that has learned from the same messages. */
export function differencesOf(given: Plan, measured: readonly Measured[], { name, parts }: Compared): readonly PeerDifference[] {
  const both = measured.find(({ scorer }) => scorer.name === ourNames.both)
  const ours = both && scoresOver(given, both, parts)
  return measured.flatMap((one) => {
    const theirs = one.scorer.name.endsWith('+ Bayes') ? scoresOver(given, one, parts) : undefined
    return ours && theirs ? [{ of: name, peer: one.scorer.name, ...pairedDifference(ours, theirs) }] : []
  })
}
