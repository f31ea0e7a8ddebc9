import assert from 'node:assert/strict'
import { test } from 'node:test'
import { topics } from '@sallyport/contracts'
import { eventually, memoryBus } from '@sallyport/testkit'
import { KeptTraces } from './kept-traces.ts'
import { tellKeptTraces } from './tell-kept-traces.ts'

const now = (): number => 1_764_000_000_000

test('what one process keeps all keep, and nobody tells it again', async () => {
  const bus = memoryBus()
  const [first, second] = [new KeptTraces(() => 0), new KeptTraces(() => 0)]
  const telling = await tellKeptTraces({ bus, kept: first, instance: 'first', now })
  const other = await tellKeptTraces({ bus, kept: second, instance: 'second', now })
  first.add('a'.repeat(32), 'own')
  await eventually(() => second.has('a'.repeat(32)))
  assert.equal(bus.rows(topics.traces.name).size, 1)
  await telling.stop()
  assert.equal(bus.rows(topics.traces.name).size, 0)
  await other.stop()
  await bus.close()
})

test('a flood of refusals is no flood of records', async () => {
  const bus = memoryBus()
  const kept = new KeptTraces(() => 0)
  const telling = await tellKeptTraces({ bus, kept, instance: 'first', now, mostPerSecond: 10 })
  for (let index = 0; index < 1_000; index++) kept.add(String(index).padStart(32, '0'), 'own')
  await eventually(() => bus.rows(topics.traces.name).size === 10)
  assert.equal(telling.untold(), 990)
  await telling.stop()
  await bus.close()
})
