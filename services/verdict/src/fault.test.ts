/** A defect that one message meets is that message's alone: it is held where it was accepted, and the process lives. */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { annotationCodec, maxAnnotationBytes, topics } from '@sallyport/contracts'
import type { CompiledPolicy } from '@sallyport/policy'
import { eventually } from '@sallyport/testkit'
import { Registry } from 'prom-client'
import { examplePolicy, stage } from './stage.cases.ts'

let current: ReturnType<typeof stage> | undefined
function onStage(...words: Parameters<typeof stage>): ReturnType<typeof stage> {
  current = stage(...words)
  return current
}
afterEach(() => current?.stop())

/** A policy with a defect that only messages of `poisoned` meet. */
function brokenFor(poisoned: string, revision = 7): CompiledPolicy {
  const policy = examplePolicy(revision)
  return {
    ...policy,
    application(name) {
      if (name === poisoned) throw new TypeError('a defect of the policy')
      return policy.application(name)
    },
  }
}

async function annotate(play: ReturnType<typeof stage>, id: string): Promise<void> {
  for (const check of ['address', 'domain']) await play.annotation(id, check, 'pass')
}

test('not accepted yet: no reply, nothing held up, and others are answered', async () => {
  const play = onStage()
  play.ports.policy.replace(brokenFor('poison'))
  const metrics = new Registry()
  await play.start({ metrics })
  const [poison, other] = [play.newId(), play.newId()]
  await play.opened(poison, { application: 'poison' })
  await play.opened(other)
  await annotate(play, poison)
  await annotate(play, other)
  await eventually(() => play.replies.sent.length === 1)
  await eventually(async () => (await play.unread()) === 0)
  assert.deepEqual(
    play.replies.sent.map(({ reply }) => reply.id),
    [other],
  )
  assert.match(await metrics.metrics(), /sallyport_verdict_faults_total 1\n/)
  assert.equal(play.lines.filter(({ level }) => level === 50).length, 1)
})

test('accepted: held with the fault named, and others are decided', async () => {
  const play = onStage()
  play.ports.policy.replace(brokenFor('poison'))
  await play.start()
  const [poison, other] = [play.newId(), play.newId()]
  for (const id of [poison, other]) {
    await play.opened(id, id === poison ? { application: 'poison' } : {})
    await play.undecided(id, {}, id === poison ? { application: 'poison' } : {})
    await annotate(play, id)
  }
  await eventually(() => play.decided().length === 2)
  await eventually(async () => (await play.unread()) === 0)
  const held = play.decided().find(({ record }) => record.message.id === poison)?.record
  assert.deepEqual([held?.verdict.action, held?.verdict.fault, held?.verifiedSender], ['hold', 'a defect of the policy', 'unknown'])
  const relayed = play.decided().find(({ record }) => record.message.id === other)?.record
  assert.equal(relayed?.verdict.action, 'relay')
})

test('met at the deadline, in a timer: the process lives, and the joins due at the same tick are judged', async () => {
  const play = onStage()
  play.ports.policy.replace(brokenFor('poison'))
  await play.start()
  const ids = [play.newId(), play.newId(), play.newId()]
  for (const id of ids) await play.opened(id, id === ids[0] ? { application: 'poison' } : {})
  await play.ports.bus.idle()
  play.clock.advance(16_001)
  await eventually(() => play.replies.sent.length === 2)
  await eventually(async () => (await play.unread()) === 0)
  assert.deepEqual(play.replies.sent.map(({ reply }) => reply.id).sort(), ids.slice(1).sort())
})

test('met when the pinned revision arrives: the joins that wait for it as well are judged', async () => {
  const play = onStage()
  await play.start()
  const [poison, other] = [play.newId(), play.newId()]
  for (const id of [poison, other]) {
    await play.opened(id, { policyRevision: 8, ...(id === poison ? { application: 'poison' } : {}) })
    await annotate(play, id)
  }
  await play.ports.bus.idle()
  assert.equal(play.replies.sent.length, 0)
  play.ports.policy.replace(brokenFor('poison', 8))
  await eventually(() => play.replies.sent.length === 1)
  assert.deepEqual(
    play.replies.sent.map(({ reply }) => reply.id),
    [other],
  )
})

test('a checker that says too much: what it found counts, and its event fits a record', async () => {
  const play = onStage()
  await play.start()
  const id = play.newId()
  const reasons = Array.from({ length: 400 }, (_, index) => ({ rule: `domain.${index}`, text: 'x'.repeat(500) }))
  await play.opened(id, { checks: ['domain'] })
  for (let other = 0; other < 10; other++) await play.annotation(id, `other-${other}`, 'fail', { reasons })
  await play.annotation(id, 'domain', 'fail', { reasons })
  await eventually(() => play.replies.sent.length === 1)
  const [judged] = await eventually(() => {
    const events = play.ports.events.of('judged')
    return events.length > 0 ? events : undefined
  })
  assert.equal(play.replies.sent[0]?.reply.verdict.action, 'reject')
  assert.equal(judged?.annotations.length, 11)
  assert.ok(Buffer.byteLength(JSON.stringify(judged)) < 200 * 1024)
  const long = play.ports.bus.records(topics.annotations.name).at(-1)?.value ?? new Uint8Array()
  assert.ok(long.byteLength > maxAnnotationBytes && annotationCodec.decode(long).record.id === id)
})
