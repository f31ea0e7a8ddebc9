/** A record whose content is kept apart from its value is whole wherever its bytes are written or leave the thread. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { joinBehindRoom } from '@sallyport/contracts'
import { openEnvironment } from '@sallyport/lmdb'
import { eventually, temporaryFolder } from '@sallyport/testkit'
import { connectWorkerBus, maxRecordBytes, openEmbeddedBus, serveBusToWorker } from '../index.ts'

const folder = temporaryFolder()
after(() => folder.remove())
const topics = [{ name: 't', retention: { kind: 'until-read', readers: ['g', 'other'] } }] as const
const [value, content] = [Buffer.from('{"head":1}'), Buffer.from([0, 255, 10, 13])]
const whole = Buffer.concat([value, content])

for (const durable of [true, false]) {
  test(`${durable ? 'durable' : 'plain'}: after a start it comes in one piece`, async () => {
    const path = folder.join(`log-${durable}`)
    const environment = await openEnvironment({ path })
    const bus = await openEmbeddedBus({ environment, topics, partitions: 1 })
    const handed: Buffer[] = []
    await bus.consume({
      group: 'g',
      topics: ['t'],
      settle: 'manual',
      drainMs: 0,
      handle: (record) => void handed.push(Buffer.concat([record.value ?? value, record.content ?? Buffer.alloc(0)])),
    })
    await bus.publish({ topic: 't', key: 'k', value, content }, { durable })
    await eventually(() => handed.length === 1)
    assert.deepEqual(handed[0], whole)
    await bus.close()
    await environment.close()
    const again = await openEnvironment({ path })
    const reopened = await openEmbeddedBus({ environment: again, topics, partitions: 1 })
    const seen: { value: Uint8Array | null; content?: Uint8Array }[] = []
    await reopened.consume({ group: 'g', topics: ['t'], handle: (record) => void seen.push(record) })
    await eventually(() => seen.length === 1)
    assert.deepEqual(Buffer.from(seen[0]?.value ?? []), whole)
    assert.equal(seen[0]?.content, undefined)
    await reopened.close()
    await again.close()
  })
}

test('content with room before it is whole in each of the records that carry it', async () => {
  const path = folder.join('room')
  const environment = await openEnvironment({ path })
  const bus = await openEmbeddedBus({ environment, topics, partitions: 1 })
  const shared = joinBehindRoom([content, content])
  const values = ['first', 'second', 'third'].map((text) => Buffer.from(text))
  await Promise.all(values.map((each) => bus.publish({ topic: 't', key: 'k', value: each, content: shared }, { durable: true })))
  const seen: string[] = []
  await bus.consume({
    group: 'g',
    topics: ['t'],
    handle: (record) => void seen.push(Buffer.from(record.value ?? []).toString('hex')),
  })
  await eventually(() => seen.length === 3)
  assert.deepEqual(
    seen,
    values.map((each) => Buffer.concat([each, content, content]).toString('hex')),
  )
  await bus.close()
  await environment.close()
})

test('across threads it goes in one piece, both ways, and counts whole for the limit', async () => {
  const environment = await openEnvironment({ path: folder.join('threads') })
  const bus = await openEmbeddedBus({ environment, topics, partitions: 1 })
  const { port1, port2 } = new MessageChannel()
  const end = serveBusToWorker(bus, ['t'], port1)
  const worker = await connectWorkerBus(port2)
  const seen: Buffer[] = []
  await worker.consume({ group: 'g', topics: ['t'], handle: (record) => void seen.push(Buffer.from(record.value ?? [])) })
  await bus.publish({ topic: 't', key: 'k', value, content })
  await worker.publish({ topic: 't', key: 'k', value, content })
  await eventually(() => seen.length === 2)
  assert.deepEqual(seen, [whole, whole])
  await assert.rejects(bus.publish({ topic: 't', key: 'k', value, content: Buffer.alloc(maxRecordBytes) }), RangeError)
  await worker.close()
  await end()
  await bus.close()
  await environment.close()
})
