import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SendRequest } from './client-port.ts'
import { PartitionSender } from './partition-sender.ts'

const record = (key: string) => ({ key, value: null, headers: {} })

interface Sent {
  readonly request: SendRequest
  readonly deadlineMs: number
  readonly answer: (offset: number) => void
  readonly fail: (error: Error) => void
}

function world() {
  const sent: Sent[] = []
  const sender = new PartitionSender({ topic: 't', partition: 3 }, (request, deadlineMs) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    sent.push({ request, deadlineMs, answer: resolve, fail: reject })
    return promise
  })
  return { sent, sender, keys: (n: number) => sent[n]?.request.records.map(({ key }) => key) }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

test('a lone record goes out at once; what comes while it is in flight shares the next request, in order', async () => {
  const { sent, sender, keys } = world()
  const first = sender.publish(record('1'), { bytes: 10, isDurable: false, isPatient: false })
  await turn()
  const more = ['2', '3', '4'].map((key) => sender.publish(record(key), { bytes: 10, isDurable: false, isPatient: false }))
  await turn()
  assert.deepEqual([sent.length, keys(0)], [1, ['1']])
  sent[0]?.answer(100)
  assert.equal(await first, 100)
  await turn()
  assert.deepEqual([sent.length, keys(1)], [2, ['2', '3', '4']])
  assert.deepEqual([sent[1]?.request.topic, sent[1]?.request.partition], ['t', 3])
  sent[1]?.answer(101)
  assert.deepEqual(await Promise.all(more), [101, 102, 103])
})

test('what one turn of the event loop publishes goes together', async () => {
  const { sent, sender, keys } = world()
  void sender.publish(record('1'), { bytes: 10, isDurable: false, isPatient: false })
  await undefined
  void sender.publish(record('2'), { bytes: 10, isDurable: false, isPatient: false })
  await turn()
  assert.deepEqual([sent.length, keys(0)], [1, ['1', '2']])
})

test('a request takes at most 500 records and 512 KiB, and at least one record', async () => {
  const { sent, sender } = world()
  for (let n = 0; n < 501; n++) void sender.publish(record(String(n)), { bytes: 1, isDurable: false, isPatient: false })
  for (let n = 0; n < 3; n++) void sender.publish(record(`large ${n}`), { bytes: 256 * 1024, isDurable: false, isPatient: false })
  void sender.publish(record('more'), { bytes: 600 * 1024, isDurable: false, isPatient: false })
  for (const count of [500, 2, 2, 1]) {
    await turn()
    assert.equal(sent.at(-1)?.request.records.length, count)
    sent.at(-1)?.answer(0)
  }
  await sender.idle()
  assert.equal(sent.length, 4)
})

test('one durable record makes its request durable', async () => {
  const { sent, sender } = world()
  void sender.publish(record('1'), { bytes: 1, isDurable: false, isPatient: false })
  await turn()
  void sender.publish(record('2'), { bytes: 1, isDurable: false, isPatient: false })
  void sender.publish(record('3'), { bytes: 1, isDurable: true, isPatient: false })
  sent[0]?.answer(0)
  await turn()
  assert.deepEqual(
    sent.map(({ request }) => request.acks),
    ['leader', 'all'],
  )
})

test('a request that fails fails its records alone; the next goes on', async () => {
  const { sent, sender } = world()
  const first = sender.publish(record('1'), { bytes: 1, isDurable: true, isPatient: false })
  await turn()
  const second = sender.publish(record('2'), { bytes: 1, isDurable: true, isPatient: false })
  sent[0]?.fail(new Error('away'))
  await assert.rejects(first, /away/)
  await turn()
  sent[1]?.answer(7)
  assert.equal(await second, 7)
})

test('idle resolves when all have their answer, and at once where there is nothing', async () => {
  const { sent, sender } = world()
  await sender.idle()
  let isIdle = false
  const published = sender.publish(record('1'), { bytes: 1, isDurable: true, isPatient: false })
  const idle = sender.idle().then(() => {
    isIdle = true
  })
  await turn()
  assert.equal(isIdle, false)
  sent[0]?.answer(0)
  await Promise.all([published, idle])
})

const patient = { bytes: 1, isDurable: true, isPatient: true }

test('patient records wait for company: for each other, or for one that does not wait', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { sent, sender, keys } = world()
  void sender.publish(record('1'), patient)
  void sender.publish(record('2'), patient)
  await turn()
  assert.equal(sent.length, 0)
  t.mock.timers.tick(100)
  await turn()
  assert.deepEqual(keys(0), ['1', '2'])
  void sender.publish(record('3'), patient)
  sent[0]?.answer(0)
  await turn()
  assert.equal(sent.length, 1, 'what came meanwhile waits, too')
  void sender.publish(record('4'), { ...patient, isPatient: false })
  await turn()
  assert.deepEqual([sent.length, keys(1)], [2, ['3', '4']])
})

test('patient records go when their time has come, also where it came while a request was in flight, and when many are there', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { sent, sender } = world()
  void sender.publish(record('now'), { ...patient, isPatient: false })
  await turn()
  void sender.publish(record('later'), patient)
  t.mock.timers.tick(100)
  await turn()
  assert.equal(sent.length, 1, 'one request at once')
  sent[0]?.answer(0)
  await turn()
  t.mock.timers.tick(100)
  await turn()
  assert.equal(sent.length, 2)
  sent[1]?.answer(1)
  for (let n = 0; n < 500; n++) void sender.publish(record(String(n)), patient)
  await turn()
  assert.equal(sent[2]?.request.records.length, 500)
})

test('who waits for idle waits for no company', async () => {
  const { sent, sender } = world()
  const published = sender.publish(record('1'), patient)
  const idle = sender.idle()
  await turn()
  sent[0]?.answer(0)
  await Promise.all([published, idle])
})
