import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { annotationCodec, topics, type Verdict, type VerdictRecord } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { examplePolicy, headerBlock, stage } from './stage.cases.ts'

let current: ReturnType<typeof stage> | undefined
function onStage(...words: Parameters<typeof stage>): ReturnType<typeof stage> {
  current = stage(...words)
  return current
}
afterEach(() => current?.stop())

const verdictRecords = (play: ReturnType<typeof stage>): readonly VerdictRecord[] =>
  play.ports.bus
    .records(topics.annotations.name)
    .map(({ value }) => annotationCodec.decode(value ?? new Uint8Array()).record)
    .filter((record) => record.kind === 'verdict')

test('undecided after the verdict: what is remembered is the decision, nobody is asked again', async () => {
  const play = onStage()
  await play.start()
  const id = play.newId()
  await play.opened(id)
  await play.annotation(id, 'domain', 'pass')
  await play.annotation(id, 'address', 'pass')
  await eventually(() => play.replies.sent.length === 1)
  await play.undecided(id)
  await eventually(() => play.decided().length === 1)
  await eventually(async () => (await play.unread()) === 0)
  const [decided] = play.decided()
  assert.deepEqual(
    decided && [decided.record.origin, decided.record.verdict.action, decided.record.verdict.late, decided.record.verifiedSender],
    ['verdict', 'relay', true, 'yes'],
  )
  assert.deepEqual(decided && Buffer.from(decided.bytes), Buffer.from(headerBlock))
  assert.deepEqual(play.asked(), [])
  const [record] = verdictRecords(play)
  assert.ok(record && play.ports.signer.verify(record))
  for (const topic of [topics.decided.name, topics.annotations.name]) {
    const last = play.ports.bus.records(topic).at(-1)
    assert.ok(last && play.ports.bus.isDurable(last), topic)
  }
})

test('undecided while the join is open: its remaining annotations decide', async () => {
  const play = onStage()
  await play.start()
  const id = play.newId()
  await play.opened(id)
  await play.annotation(id, 'domain', 'pass')
  await play.undecided(id)
  await play.ports.bus.idle()
  assert.deepEqual([play.asked().length, play.decided().length], [0, 0])
  await play.annotation(id, 'address', 'fail')
  await eventually(() => play.decided().length === 1)
  assert.equal(play.decided()[0]?.record.verdict.action, 'reject')
  assert.deepEqual(
    play.ports.events.of('judged').map(({ late, verdict }) => [late, verdict.action]),
    [[true, 'reject']],
  )
  assert.equal(play.replies.sent.length, 0)
})

test('undecided that nobody knows of: every check is asked again, durably, with the header block', async () => {
  const play = onStage()
  await play.start()
  const id = play.newId()
  await play.undecided(id)
  play.clock.advance(10)
  await eventually(() => play.asked().length === 1)
  const [asked] = play.asked()
  assert.deepEqual(asked && [asked.again, asked.checks, asked.budgetMs, asked.annotateTo, asked.content.kind], [
    true,
    ['address', 'domain'],
    600_000,
    { topic: 'mail.annotations', partition: 2 },
    'stored',
  ])
  const [record] = play.ports.bus.records(topics.received.name)
  assert.ok(record && play.ports.bus.isDurable(record))
  await play.annotation(id, 'domain', 'pass')
  await play.annotation(id, 'address', 'pass')
  await eventually(() => play.decided().length === 1)
  await eventually(async () => (await play.unread()) === 0)
})

test('after an incomplete verdict only what is missing is asked again', async () => {
  const play = onStage()
  await play.start()
  const id = play.newId()
  await play.opened(id)
  await play.annotation(id, 'domain', 'pass')
  await play.ports.bus.idle()
  play.clock.advance(16_010)
  await eventually(() => play.replies.sent.length === 1)
  await play.undecided(id)
  await play.ports.bus.idle()
  play.clock.advance(10)
  await eventually(() => play.asked().length === 1)
  assert.deepEqual(play.asked()[0]?.checks, ['address'])
  await play.annotation(id, 'address', 'pass')
  await eventually(() => play.decided().length === 1)
  assert.equal(play.decided()[0]?.record.verdict.action, 'relay')
  assert.deepEqual(
    play.ports.events.of('judged').map(({ late }) => late),
    [false, true],
  )
})

test('a check that was unavailable is asked once more after acceptance, and what it says about the old question is void', async () => {
  const play = onStage({ checks: { domain: { mode: 'enforce', whenUnavailable: 'relay' }, address: { mode: 'enforce' } } })
  await play.start()
  const id = play.newId()
  const late = { reasons: [{ rule: 'domain.late', text: 'the message reached the check after its time was over' }] }
  await play.opened(id)
  await play.undecided(id)
  await play.annotation(id, 'address', 'pass')
  await play.annotation(id, 'domain', 'unavailable', late)
  await play.ports.bus.idle()
  play.clock.advance(10)
  await eventually(() => play.asked().length === 1)
  assert.deepEqual(play.asked()[0]?.checks, ['domain'])
  await play.annotation(id, 'domain', 'unavailable', late)
  await play.ports.bus.idle()
  assert.equal(play.decided().length, 0)
  await play.annotation(id, 'domain', 'fail')
  await eventually(() => play.decided().length === 1)
  assert.equal(play.decided()[0]?.record.verdict.action, 'reject')
})

test('a check that is unavailable again leaves the message to whenUnavailable', async () => {
  const play = onStage({ checks: { domain: { mode: 'enforce', whenUnavailable: 'hold' }, address: { mode: 'enforce' } } })
  await play.start()
  const id = play.newId()
  await play.undecided(id)
  await play.annotation(id, 'address', 'pass')
  await play.annotation(id, 'domain', 'unavailable')
  await play.ports.bus.idle()
  play.clock.advance(10)
  await eventually(() => play.asked().length === 1)
  await play.annotation(id, 'domain', 'unavailable')
  await eventually(() => play.decided().length === 1)
  assert.equal(play.decided()[0]?.record.verdict.action, 'hold')
  assert.equal(play.asked().length, 1)
})

test('when the late window ends without an answer the message is held, never relayed and never lost', async () => {
  const play = onStage()
  await play.start()
  await play.undecided(play.newId())
  await play.ports.bus.idle()
  play.clock.advance(10)
  await eventually(() => play.asked().length === 1)
  play.clock.advance(600_010)
  await eventually(() => play.decided().length === 1)
  const [decided] = play.decided()
  assert.deepEqual(decided && [decided.record.verdict.action, decided.record.verifiedSender], ['hold', 'unknown'])
})

test('a late throttle relays when its wait is over', async () => {
  const play = onStage({ checks: { domain: { mode: 'enforce' }, throttle: { mode: 'enforce', limits: [limit] } } })
  await play.start()
  const id = play.newId()
  await play.opened(id, { checks: ['domain', 'throttle'] })
  await play.undecided(id, {})
  await play.annotation(id, 'domain', 'pass')
  await play.annotation(id, 'throttle', 'fail', { waitMs: 90_000 })
  await play.annotation(id, 'address', 'pass')
  await eventually(() => play.decided().length === 1)
  const [decided] = play.decided()
  assert.deepEqual(decided && [decided.record.verdict.action, decided.record.notBefore], ['relay', play.clock.now() + 90_000])
})
const limit = { per: 'application', count: 'messages', rate: '10/h', burst: 5 }

test('a late reject is left to delivery, which knows that the sender is not verified', async () => {
  const play = onStage()
  await play.start()
  const id = play.newId()
  await play.opened(id)
  await play.undecided(id)
  await play.annotation(id, 'domain', 'fail')
  await play.annotation(id, 'address', 'pass')
  await eventually(() => play.decided().length === 1)
  const [decided] = play.decided()
  assert.deepEqual(decided && [decided.record.verdict.action, decided.record.verifiedSender], ['reject', 'no'])
})

test('the first verdict in offset order is the decision, whoever wrote it', async () => {
  const play = onStage()
  const id = play.newId()
  const verdict: Verdict = {
    action: 'hold',
    decidedBy: ['spam'],
    wouldBe: { action: 'hold', by: ['spam'] },
    contributions: [],
    policyRevision: 7,
    late: true,
  }
  await play.undecided(id)
  await play.publish(play.ports.signer.sign({ v: 1, kind: 'verdict' as const, id, verdict }))
  const second: Verdict = { ...verdict, action: 'relay', decidedBy: [] }
  await play.publish(play.ports.signer.sign({ v: 1, kind: 'verdict' as const, id, verdict: second }))
  await play.start()
  await eventually(async () => (await play.unread()) === 0)
  play.clock.advance(700_000)
  await play.ports.bus.idle()
  assert.deepEqual(
    play.decided().map(({ record }) => record.verdict.action),
    ['hold'],
  )
  assert.deepEqual(play.asked(), [])
})

test('a repeated undecided, before and after the decision, changes nothing', async () => {
  const play = onStage()
  await play.start()
  const id = play.newId()
  await play.opened(id)
  await play.undecided(id)
  await play.undecided(id)
  await play.annotation(id, 'domain', 'pass')
  await play.annotation(id, 'address', 'pass')
  await eventually(() => play.decided().length === 1)
  await play.undecided(id)
  await eventually(async () => (await play.unread()) === 0)
  assert.equal(play.decided().length, 1)
})

test('a late decision is made by the pinned revision, not by the current one', async () => {
  const play = onStage()
  await play.start()
  const id = play.newId()
  play.ports.policy.replace(examplePolicy(9, { checks: { domain: { mode: 'monitor' }, address: { mode: 'monitor' } } }))
  await play.opened(id)
  await play.undecided(id)
  await play.annotation(id, 'domain', 'fail')
  await play.annotation(id, 'address', 'pass')
  await eventually(() => play.decided().length === 1)
  const [decided] = play.decided()
  assert.deepEqual(decided && [decided.record.verdict.action, decided.record.verdict.policyRevision], ['reject', 7])
})
