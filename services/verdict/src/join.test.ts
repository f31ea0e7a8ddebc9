import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import { Registry } from 'prom-client'
import { examplePolicy, stage } from './stage.cases.ts'

let current: ReturnType<typeof stage> | undefined
function onStage(...words: Parameters<typeof stage>): ReturnType<typeof stage> {
  current = stage(...words)
  return current
}
afterEach(() => current?.stop())

const actions = (play: ReturnType<typeof stage>): string[] => play.replies.sent.map(({ reply }) => reply.verdict.action)

test('the last awaited annotation gives the verdict: one signed reply, one event, everything settled', async () => {
  const play = onStage()
  await play.start()
  const id = play.newId()
  await play.opened(id)
  await play.annotation(id, 'domain', 'pass')
  await play.ports.bus.idle()
  assert.equal(play.replies.sent.length, 0)
  assert.equal(await play.unread(), 2)
  await play.annotation(id, 'address', 'fail')
  await eventually(() => play.replies.sent.length === 1)
  const [sent] = play.replies.sent
  assert.equal(sent?.channel, 'ingress-1')
  assert.equal(sent?.reply.id, id)
  assert.ok(sent && play.ports.signer.verify(sent.reply))
  assert.deepEqual([sent?.reply.verdict.action, sent?.reply.verdict.decidedBy], ['reject', ['address']])
  await eventually(async () => (await play.unread()) === 0)
  const [judged, ...more] = play.ports.events.of('judged')
  assert.deepEqual(more, [])
  assert.deepEqual(
    judged && [judged.id, judged.missing, judged.replied, judged.late, judged.annotations.map(({ check }) => check)],
    [id, [], true, false, ['domain', 'address']],
  )
})

test('annotations may come before `opened`', async () => {
  const play = onStage()
  await play.start()
  const id = play.newId()
  await play.annotation(id, 'address', 'pass')
  await play.annotation(id, 'domain', 'pass')
  await play.ports.bus.idle()
  assert.equal(play.replies.sent.length, 0)
  await play.opened(id)
  await eventually(() => play.replies.sent.length === 1)
  assert.deepEqual(actions(play), ['relay'])
})

const firstCounts: readonly [string, readonly ('pass' | 'fail' | 'unavailable')[], string][] = [
  ['the first finding counts', ['pass', 'fail'], 'relay'],
  ['a finding replaces unavailable', ['unavailable', 'fail'], 'reject'],
  ['unavailable replaces no finding', ['pass', 'unavailable'], 'relay'],
  ['unavailable alone stands for whenUnavailable', ['unavailable'], 'defer'],
]
for (const [name, outcomes, action] of firstCounts) {
  test(`of several annotations of one check ${name}`, async () => {
    const play = onStage()
    await play.start()
    const id = play.newId()
    await play.opened(id)
    for (const outcome of outcomes) await play.annotation(id, 'domain', outcome)
    await play.annotation(id, 'address', 'pass')
    await eventually(() => play.replies.sent.length === 1)
    assert.deepEqual(actions(play), [action])
  })
}

test('at 80 % of the budget a missing check is unavailable, and what comes later is only told', async () => {
  const play = onStage()
  await play.start()
  const id = play.newId()
  await play.opened(id, { budgetMs: 10_000 })
  await play.annotation(id, 'domain', 'pass')
  await play.ports.bus.idle()
  play.clock.advance(7_900)
  await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(play.replies.sent.length, 0)
  play.clock.advance(200)
  await eventually(() => play.replies.sent.length === 1)
  assert.deepEqual(actions(play), ['defer'])
  assert.deepEqual(play.ports.events.of('judged')[0]?.missing, ['address'])
  await play.annotation(id, 'address', 'pass')
  await eventually(() => play.ports.events.of('annotated').length === 1)
  await eventually(async () => (await play.unread()) === 0)
  assert.equal(play.replies.sent.length, 1)
  assert.equal(play.ports.events.of('judged').length, 1)
})

test('a join that never sees `opened` is dropped with its budget', async () => {
  const play = onStage()
  await play.start()
  await play.annotation(play.newId(), 'domain', 'fail')
  await play.ports.bus.idle()
  assert.equal(await play.unread(), 1)
  play.clock.advance(16_001)
  await eventually(async () => (await play.unread()) === 0)
  assert.deepEqual(play.ports.events.recorded, [])
})

test('where nobody waits the ledger learns whether the sender was verified', async () => {
  const outcomes = [
    ['pass', 'pass', true],
    ['pass', 'fail', false],
    ['pass', 'unavailable', undefined],
  ] as const
  for (const [domain, address, verified] of outcomes) {
    const play = onStage()
    await play.start()
    const id = play.newId()
    await play.opened(id, { replyTo: null })
    await play.annotation(id, 'domain', domain)
    await play.annotation(id, 'address', address)
    await eventually(async () => (await play.unread()) === 0)
    assert.equal(await play.ledger.verifiedSender(id), verified)
    assert.equal(play.replies.sent.length, 0)
    assert.equal(play.ports.events.of('judged')[0]?.replied, false)
    await play.stop()
  }
})

test('forged control records do nothing, are counted, and are said once a minute', async () => {
  const play = onStage()
  const metrics = new Registry()
  await play.start({ metrics })
  const id = play.newId()
  const opened = { v: 1, kind: 'opened' as const, id, application: 'billing', policyRevision: 7, traceparent: '', checks: [] }
  await play.publish({ ...opened, budgetMs: 1, replyTo: { channel: 'thief' }, hmac: 'forged' })
  for (let count = 0; count < 3; count++) await play.undecided(id, { hmac: '' })
  const { hmac } = play.ports.signer.sign({ ...opened, budgetMs: 1, replyTo: null })
  await play.publish({ ...opened, budgetMs: 1, replyTo: { channel: 'thief' }, hmac })
  await eventually(async () => (await play.unread()) === 0)
  assert.equal(play.lines.filter(({ msg }) => msg?.startsWith('control records')).length, 1)
  assert.deepEqual([play.replies.sent.length, play.asked().length, play.decided().length], [0, 0, 0])
  const text = await metrics.metrics()
  assert.match(text, /sallyport_verdict_forged_total\{kind="opened"\} 2/)
  assert.match(text, /sallyport_verdict_forged_total\{kind="undecided"\} 3/)
})

test('verdicts and findings are counted by application', async () => {
  const play = onStage({ checks: { domain: { mode: 'monitor' }, address: { mode: 'enforce' } } })
  const metrics = new Registry()
  await play.start({ metrics })
  const id = play.newId()
  await play.opened(id)
  await play.annotation(id, 'domain', 'fail')
  await play.annotation(id, 'address', 'pass')
  await eventually(() => play.replies.sent.length === 1)
  const text = await metrics.metrics()
  assert.match(text, /sallyport_verdict_verdicts_total\{application="billing",action="relay",would_be="reject"\} 1/)
  assert.match(text, /findings_total\{application="billing",check="domain",mode="monitor",outcome="fail"\} 1/)
  assert.match(text, /findings_total\{application="billing",check="address",mode="enforce",outcome="pass"\} 1/)
})

test('a message waits for its pinned revision to appear', async () => {
  const play = onStage()
  await play.start()
  const id = play.newId()
  await play.opened(id, { policyRevision: 8 })
  await play.annotation(id, 'domain', 'fail')
  await play.annotation(id, 'address', 'pass')
  await play.ports.bus.idle()
  assert.equal(play.replies.sent.length, 0)
  play.ports.policy.replace(examplePolicy(8, { checks: { domain: { mode: 'monitor' }, address: { mode: 'enforce' } } }))
  await eventually(() => play.replies.sent.length === 1)
  assert.deepEqual([actions(play), play.replies.sent[0]?.reply.verdict.policyRevision], [['relay'], 8])
})

test('where the pinned revision does not appear every check counts as unavailable under the current one', async () => {
  const play = onStage({ checks: { domain: { mode: 'enforce', whenUnavailable: 'hold' }, address: { mode: 'monitor' } } })
  await play.start()
  const id = play.newId()
  await play.opened(id, { policyRevision: 3 })
  await play.annotation(id, 'domain', 'pass')
  await play.annotation(id, 'address', 'pass')
  await play.ports.bus.idle()
  play.clock.advance(2_001)
  await eventually(() => play.replies.sent.length === 1)
  assert.deepEqual([actions(play), play.replies.sent[0]?.reply.verdict.policyRevision], [['hold'], 7])
  assert.ok(play.lines.some(({ msg }) => msg?.startsWith('the pinned policy revision is not known here')))
})

test('beyond maxOpenJoins the oldest is closed as if its time were up', async () => {
  const play = onStage({}, { maxOpenJoins: 2 })
  await play.start()
  const ids = [play.newId(), play.newId(), play.newId()]
  for (const id of ids) await play.opened(id)
  await eventually(() => play.replies.sent.length === 1)
  assert.deepEqual(
    play.replies.sent.map(({ reply }) => reply.id),
    ids.slice(0, 1),
  )
})

test('records are settled only after the event was published', async () => {
  const play = onStage()
  let failures = 2
  play.ports.events.faults.publish = () => (failures-- > 0 ? new Error('the stream is away') : undefined)
  await play.start()
  const id = play.newId()
  await play.opened(id, { checks: [] })
  await eventually(() => play.replies.sent.length === 1)
  await eventually(async () => (await play.unread()) === 0)
  assert.equal(play.lines.filter(({ msg }) => msg?.startsWith('could not publish the event')).length, 1)
})

test('not ready before the first policy', async () => {
  const play = onStage()
  const role = await play.start({ policy: { ...play.ports.policy, current: () => assert.fail('no policy') } })
  assert.deepEqual(role.readiness(), { ready: false, waitingFor: ['the first policy revision'] })
  assert.deepEqual((await play.start()).readiness(), { ready: true, waitingFor: [] })
})
