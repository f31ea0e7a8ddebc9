import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entriesOf } from './row-fields.ts'

test('entries are those that read as such, in whatever form they come', () => {
  const values = ['3 delivered', Buffer.from('12 deferred'), null, '1 unheard-of', 'x bounced', '', undefined, '0 toString']
  assert.deepEqual(
    entriesOf([5, 70_000, 2, 3, 4, 6, 7, 8], values),
    new Map([
      [5, { attempt: 3, outcome: 'delivered' }],
      [70_000, { attempt: 12, outcome: 'deferred' }],
    ]),
  )
  for (const none of [null, undefined, 'x', []]) assert.equal(entriesOf([1], none).size, 0)
})
