import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TrafficClass } from '@sallyport/contracts'
import { weightedQueue } from './weighted-queue.ts'

function filled(counts: Partial<Record<TrafficClass, number>>, applications: readonly string[] = ['a']) {
  const queue = weightedQueue<string>()
  for (const name of ['bulk', 'normal', 'urgent'] as const) {
    for (let index = 0; index < (counts[name] ?? 0); index++) {
      for (const application of applications) queue.push(`${name}/${application}/${index}`, name, application)
    }
  }
  return queue
}
const next = (queue: { shift(): string | undefined }, count: number): string[] =>
  Array.from({ length: count }, () => queue.shift() ?? 'none')
const ofClass = (items: readonly string[], name: TrafficClass): number => items.filter((item) => item.startsWith(name)).length

test('full classes share 8:4:1, in every window of 13', () => {
  const queue = filled({ urgent: 100, normal: 100, bulk: 100 })
  for (let round = 0; round < 5; round++) {
    const items = next(queue, 13)
    assert.deepEqual([ofClass(items, 'urgent'), ofClass(items, 'normal'), ofClass(items, 'bulk')], [8, 4, 1])
  }
})

test('an empty class gives its turns away and saves nothing up', () => {
  const queue = filled({ normal: 40, bulk: 10 })
  const alone = next(queue, 10)
  assert.deepEqual([ofClass(alone, 'normal'), ofClass(alone, 'bulk')], [8, 2])
  for (let index = 0; index < 20; index++) queue.push(`urgent/a/${index}`, 'urgent', 'a')
  const after = next(queue, 13)
  assert.equal(ofClass(after, 'urgent'), 8)
})

test('applications of a class take turns, whoever came first with how much', () => {
  const queue = weightedQueue<string>()
  for (let index = 0; index < 50; index++) queue.push(`flood/${index}`, 'normal', 'flood')
  queue.push('small/0', 'normal', 'small')
  queue.push('small/1', 'normal', 'small')
  assert.deepEqual(next(queue, 5), ['flood/0', 'small/0', 'flood/1', 'small/1', 'flood/2'])
})

test('what one application sent stays in order, and nothing is lost or invented', () => {
  const queue = filled({ urgent: 200, normal: 200, bulk: 200 }, ['a', 'b', 'c'])
  assert.equal(queue.size, 1_800)
  const items = next(queue, 1_800)
  assert.equal(new Set(items).size, 1_800)
  assert.equal(queue.shift(), undefined)
  assert.equal(queue.size, 0)
  for (const prefix of ['urgent/a', 'bulk/c']) {
    const order = items.filter((item) => item.startsWith(prefix)).map((item) => Number(item.split('/')[2]))
    assert.deepEqual(
      order,
      order.toSorted((left, right) => left - right),
    )
  }
})

test('take removes at most so many of what is wanted, bulk first', () => {
  const queue = filled({ urgent: 3, bulk: 3 })
  const taken = queue.take(4, (item) => !item.endsWith('/0'))
  assert.deepEqual(taken, ['bulk/a/1', 'bulk/a/2', 'urgent/a/1', 'urgent/a/2'])
  assert.equal(queue.size, 2)
  assert.deepEqual(next(queue, 3), ['urgent/a/0', 'bulk/a/0', 'none'])
})
