import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reason } from '@sallyport/contracts'
import { EngineUnavailable } from './engines/engine-unavailable.ts'
import type { EnginesAnswer } from './engines/engines.ts'
import { type Said, verdictOn } from './verdict-on.ts'

const reason = (rule: string, points: number): Reason => ({ rule: `spam.${rule}`, text: `${rule} was found`, evidence: { points } })
const own = (points: number, ...reasons: readonly Reason[]) => ({ points, reasons })
const scored = (score: number, ...reasons: readonly Reason[]): EnginesAnswer => ({
  kind: 'scored',
  score,
  reasons,
  hasVirus: false,
})
const virus: EnginesAnswer = { kind: 'scored', score: 100, reasons: [reason('virus', 100)], hasVirus: true }
const noEngine: EnginesAnswer = { kind: 'unavailable', reasons: [reason('engine-unavailable', 0)] }
const noScorer = new EngineUnavailable('failed', 'the scoring thread died')

const cases: readonly (readonly [string, Partial<Said>, object])[] = [
  ['nothing found', {}, { outcome: 'pass', score: 0, rules: [] }],
  ['less than the limit', { own: own(7.99, reason('a', 7.99)) }, { outcome: 'pass', score: 7.99, rules: ['spam.a'] }],
  ['the limit', { own: own(8, reason('a', 3), reason('b', 5)) }, { outcome: 'fail', score: 8, rules: ['spam.b', 'spam.a'] }],
  [
    'the lower of two limits, whichever it is',
    { own: own(5, reason('a', 5)), settings: { holdAt: 9, rejectAt: 5 } },
    { outcome: 'fail', score: 5, rules: ['spam.a'] },
  ],
  ['no limit', { own: own(99, reason('a', 99)), settings: {} }, { outcome: 'pass', score: 99, rules: ['spam.a'] }],
  [
    'a limit that no single thing explains',
    { own: own(8, reason('note', 0)) },
    { outcome: 'fail', score: 8, rules: ['spam.score', 'spam.note'] },
  ],
  [
    'what counts nothing is no reason beside what counts',
    { own: own(8, reason('a', 8), reason('note', 0)) },
    { outcome: 'fail', score: 8, rules: ['spam.a'] },
  ],
  [
    'own points and those of engines',
    { own: own(5, reason('a', 5)), others: scored(4, reason('rspamd.B', 4.5), reason('rspamd.HAM', -0.5)) },
    { outcome: 'fail', score: 9, rules: ['spam.a', 'spam.rspamd.B'] },
  ],
  ['ham by an engine', { own: own(9, reason('a', 9)), others: scored(-2) }, { outcome: 'pass', score: 7, rules: ['spam.a'] }],
  ['a required engine that is dead', { others: noEngine }, { outcome: 'unavailable', rules: ['spam.engine-unavailable'] }],
  ['a scorer that is dead', { own: noScorer }, { outcome: 'unavailable', rules: ['spam.not-scored'] }],
  [
    'a scorer that is dead, whatever harmless engines say',
    { own: noScorer, others: scored(0) },
    { outcome: 'unavailable', rules: ['spam.not-scored'] },
  ],
  ['a virus', { own: own(1, reason('a', 1)), others: virus }, { outcome: 'fail', score: 101, rules: ['spam.virus', 'spam.a'] }],
  ['a virus, though the scorer is dead', { own: noScorer, others: virus }, { outcome: 'fail', score: 100, rules: ['spam.virus'] }],
  [
    'a message read partly',
    { own: own(1, reason('a', 1)), contentBytes: 2000 },
    { outcome: 'pass', score: 1, rules: ['spam.a', 'spam.scored-partly'] },
  ],
  [
    'an engine that is absent is told, however much was found',
    {
      own: own(12, ...Array.from({ length: 12 }, (_, index) => reason(`r${index}`, 1))),
      others: scored(0, reason('engine-absent', 0)),
    },
    { outcome: 'fail', score: 12, rules: [...Array.from({ length: 10 }, (_, index) => `spam.r${index}`), 'spam.engine-absent'] },
  ],
]

for (const [name, said, expected] of cases) {
  test(name, () => {
    const { outcome, score, reasons } = verdictOn({
      own: own(0),
      others: undefined,
      scoreBytes: 1000,
      contentBytes: 1000,
      settings: { holdAt: 8, rejectAt: 15 },
      ...said,
    })
    assert.deepEqual({ outcome, ...(score === undefined ? {} : { score }), rules: reasons.map(({ rule }) => rule) }, expected)
  })
}
