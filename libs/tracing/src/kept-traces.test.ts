import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeptTraces } from './kept-traces.ts'

test('a trace is kept for so long, and told of once', () => {
  let now = 0
  const kept = new KeptTraces(() => now, 100)
  const told: unknown[] = []
  const stop = kept.onAdded((...each) => told.push(each))
  kept.add('a', 'own')
  kept.add('a', 'told')
  assert.equal(kept.has('a'), true)
  now = 100
  assert.equal(kept.has('a'), false)
  kept.add('a', 'told')
  stop()
  kept.add('b', 'own')
  assert.deepEqual(told, [
    ['a', 'own'],
    ['a', 'told'],
  ])
})

test('the latest are remembered', () => {
  const kept = new KeptTraces(() => 0, 100, 3)
  for (const id of ['a', 'b', 'c', 'd', 'e']) kept.add(id, 'own')
  assert.deepEqual(
    ['a', 'b', 'c', 'd', 'e'].filter((id) => kept.has(id)),
    ['c', 'd', 'e'],
  )
})
