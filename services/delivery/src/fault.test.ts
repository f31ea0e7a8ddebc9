/** A defect that one message meets is that message's alone: it is held, and mail behind it flows. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutgoingRecord } from '@sallyport/bus'
import { commandCodec, eventCodec, type Held, heldCodec, topics } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { exampleDecided } from './test-job.cases.ts'
import { minute, type World, world } from './test-world.cases.ts'

/** What throws for this message and for no other. */
const defectOf =
  (id: string, topic: string) =>
  (record: OutgoingRecord): Error | undefined =>
    record.key === id && record.topic === topic ? new TypeError(`a defect at ${topic}`) : undefined

const heldRow = (run: World, id: string): Held | undefined => {
  const value = run.bus.rows(topics.held.name).get(id)
  return value && heldCodec.decode(value).record
}

test('where it is split', async () => {
  await using run = await world()
  const poison = exampleDecided()
  run.bus.faults.publish = defectOf(poison.message.id, topics.outboundNormal.name)
  await run.accept(poison)
  await run.accept(exampleDecided())
  const held = await eventually(() => heldRow(run, poison.message.id))
  assert.deepEqual([held.cause, held.explanation, held.verdict?.action], ['fault', 'a defect at mail.outbound.normal', 'relay'])
  await eventually(() => run.sink.messages.length === 1)
  await run.settled()
})

test('where verdict met it: the hold says so', async () => {
  await using run = await world()
  const poison = exampleDecided()
  await run.accept({ ...poison, verdict: { ...poison.verdict, action: 'hold', fault: 'a defect of the policy' } })
  const held = await eventually(() => heldRow(run, poison.message.id))
  assert.deepEqual([held.cause, held.explanation], ['fault', 'a defect of the policy'])
})

test('where its next attempt is written down', async () => {
  await using run = await world()
  const poison = exampleDecided()
  run.sink.replies.mail = '451 4.3.0 later'
  run.bus.faults.publish = defectOf(poison.message.id, topics.deferred1m.name)
  await run.accept(poison)
  const held = await eventually(() => heldRow(run, poison.message.id), { deadlineMs: 15_000 })
  assert.deepEqual([held.cause, held.explanation, held.remaining], ['fault', 'a defect at mail.deferred.1m', [0]])
  run.sink.replies.mail = undefined
  await run.accept(exampleDecided())
  await eventually(() => run.sink.messages.length === 1)
  await run.settled()
})

test('where it comes back from a wait', async () => {
  await using run = await world()
  const poison = exampleDecided()
  run.sink.replies.mail = '451 4.3.0 later'
  for (const decided of [poison, exampleDecided()]) await run.accept(decided)
  await eventually(() => run.jobs(topics.deferred1m.name).length === 2)
  run.bus.faults.publish = defectOf(poison.message.id, topics.outboundNormal.name)
  run.sink.replies.mail = undefined
  run.ports.clock.advance(minute)
  const held = await eventually(() => heldRow(run, poison.message.id))
  assert.equal(held.cause, 'fault')
  await eventually(() => run.sink.messages.length === 1)
  await run.settled()
})

test('where its release is carried out: it stays held, and commands behind it are obeyed', async () => {
  await using run = await world()
  const held = [exampleDecided(), exampleDecided()].map((decided) => ({
    ...decided,
    verdict: { ...decided.verdict, action: 'hold' as const, decidedBy: ['spam'] },
  }))
  for (const decided of held) await run.accept(decided)
  const [poison, other] = held.map(({ message }) => message.id)
  assert.ok(poison !== undefined && other !== undefined)
  await eventually(() => heldRow(run, poison) && heldRow(run, other))
  run.bus.faults.publish = defectOf(poison, topics.outboundNormal.name)
  for (const id of [poison, other]) {
    const value = commandCodec.encode({ v: 1, kind: 'release', id, by: 'anna', reason: 'known', at: 0 })
    await run.bus.publish({ topic: topics.commands.name, key: id, value })
  }
  await eventually(() => run.sink.messages.length === 1)
  await run.settled()
  assert.equal(heldRow(run, poison)?.cause, 'verdict')
  assert.equal(heldRow(run, other), undefined)
})

test('a defect that is explained at length still makes a row and an event of one record each', async () => {
  await using run = await world()
  const poison = exampleDecided()
  run.bus.faults.publish = (record) =>
    record.key === poison.message.id && record.topic === topics.outboundNormal.name ? new TypeError('x'.repeat(400_000)) : undefined
  await run.accept(poison)
  await eventually(() => heldRow(run, poison.message.id))
  const [event] = await eventually(() => {
    const events = run.ports.events.of('held')
    return events.length > 0 ? events : undefined
  })
  assert.ok(event && eventCodec.encode(event).byteLength < 4096)
  await run.settled()
})
