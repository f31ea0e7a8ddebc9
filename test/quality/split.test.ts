import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { leaveOneOut, sample, splitBy, splitByHash } from './split.ts'

const groups = ['a', 'b', 'c']
const examples = Array.from({ length: 300 }, (_, index) => ({
  id: createHash('sha256').update(`${index}`).digest('hex'),
  label: index % 2 === 0 ? 'ham' : 'spam',
  source: index % 5 === 0 ? 'one' : 'two',
  group: groups[index % 3] ?? '',
}))

test('by hash: everyone is on one side, about one half each, the same whatever the order', () => {
  const { train, test: tested } = splitByHash(examples)
  assert.equal(train.length + tested.length, examples.length)
  assert.ok(tested.length > 110 && tested.length < 190)
  assert.ok(tested.every(({ id }) => '02468ace'.includes(id[7] ?? '')))
  assert.deepEqual(new Set(splitByHash(examples.toReversed()).test), new Set(tested))
})

test('by group or source: what is tested never trains', () => {
  const split = splitBy(examples, 'group', ['b', 'c'])
  assert.deepEqual([...new Set(split.train.map(({ group }) => group))], ['a'])
  assert.equal(split.test.length, 200)
  assert.ok(splitBy(examples, 'source', ['one']).test.every(({ source }) => source === 'one'))
})

test('leave one out: one split for each', () => {
  const splits = leaveOneOut(examples, 'group')
  assert.deepEqual(
    splits.map(({ left }) => left),
    groups,
  )
  for (const { left, train, test: tested } of splits) {
    assert.ok(!train.some(({ group }) => group === left))
    assert.ok(tested.length > 0 && tested.every(({ group }) => group === left))
  }
})

test('a sample keeps the smallest ids of each label and source', () => {
  const taken = sample(examples, (label) => (label === 'ham' ? 3 : 0))
  assert.equal(taken.length, 6)
  for (const source of ['one', 'two']) {
    const expected = examples
      .filter((one) => one.label === 'ham' && one.source === source)
      .map(({ id }) => id)
      .sort()
      .slice(0, 3)
    assert.deepEqual(
      taken.filter((one) => one.source === source).map(({ id }) => id),
      expected,
    )
  }
})
