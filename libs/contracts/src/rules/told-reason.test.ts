import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { annotationCodec } from '../records/annotation.ts'
import { likenessWords } from './likeness-words.ts'
import lintWords from './lint-words.json' with { type: 'json' }
import { toldAnnotation, toldReason } from './told-reason.ts'

test('a rule of the lint: its words and its reference, beside what was seen', () => {
  const { text, fix, reference } = lintWords['spam.from-missing']
  assert.deepEqual(toldReason({ rule: 'spam.from-missing', evidence: { points: 3 } }), {
    rule: 'spam.from-missing',
    text,
    fix,
    evidence: { points: 3, reference },
  })
})

test('a reason of the model: what was seen stands in its sentence', () => {
  const told = (...seen: string[]) => toldReason({ rule: 'spam.words', evidence: { seen, points: 2 } })
  assert.equal(told('“free”').text, 'These words are much more frequent in spam than in other mail: “free”.')
  assert.match(told('“free”', '“win”', '“cash”').text, /: “free”, “win” and “cash”\.$/)
  // Of numbers and addresses it does not matter which they are.
  assert.equal(told().text, 'Numbers, codes, addresses or links in the text are more frequent in spam than in other mail.')
  assert.equal(toldReason({ rule: 'spam.subject', evidence: { seen: [] } }).text, 'The subject is like those of spam.')
  assert.equal(told().fix, likenessWords.words.fix)
})

test('what a reason says by itself stands, also of a rule that is known: older records, other checkers', () => {
  const own = { rule: 'spam.from-missing', text: 'no From', fix: 'add one', evidence: { points: 1 } }
  assert.deepEqual(toldReason(own), own)
  const python = { rule: 'internal.marked', text: 'The message is marked as internal.' }
  assert.deepEqual(toldReason(python), python)
})

test('a rule that nobody here knows is told by its id', () => {
  const told = toldReason({ rule: 'spam.of-tomorrow', evidence: { points: 2 } })
  assert.deepEqual(told, {
    rule: 'spam.of-tomorrow',
    text: 'What the rule "spam.of-tomorrow" looks for was found.',
    evidence: { points: 2 },
  })
})

test('the topics of the model and the rules of the lint have no id in common', () => {
  for (const topic of Object.keys(likenessWords)) assert.ok(!(`spam.${topic}` in lintWords), topic)
})

test('a record of the previous release is shown as it was written', () => {
  const { record } = annotationCodec.decode(readFileSync(join(import.meta.dirname, '../golden/previous/annotation.v1.bin')))
  assert.ok(record.kind === 'annotation')
  assert.ok(record.reasons[0]?.text)
  assert.deepEqual(toldAnnotation(record), record)
})
