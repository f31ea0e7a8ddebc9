import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { keptRevisions, policyTopicCodec, topics } from '@sallyport/contracts'
import { fakeClock, testPorts } from '@sallyport/testkit'
import { policyText } from './policy.cases.ts'
import { createPolicyPublisher, type PolicyChange, type PolicyOutcome } from './policy-publisher.ts'

const change = (text: string, ifRevision: PolicyChange['ifRevision'], more: Partial<PolicyChange> = {}): PolicyChange => ({
  text,
  author: 'ann',
  reason: 'because',
  ifRevision,
  ...more,
})

test('revisions follow each other, durably, with author, reason and document, at revision mod 16', async () => {
  const ports = testPorts({ clock: fakeClock() })
  const publisher = await createPolicyPublisher(ports)
  assert.equal(publisher.current(), undefined)
  for (let revision = 1; revision <= 20; revision++) {
    const outcome = await publisher.publish(change(policyText(`Example ${revision}`), revision - 1))
    assert.deepEqual(outcome, { kind: 'published', revision, warnings: [] })
    assert.equal(publisher.current()?.revision, revision)
  }
  assert.deepEqual(
    publisher.revisions().map(({ revision }) => revision),
    Array.from({ length: keptRevisions }, (_, index) => 20 - index),
  )
  const records = ports.bus.records(topics.policy.name)
  assert.ok(records.every((record) => ports.bus.isDurable(record)))
  assert.deepEqual(
    records.slice(14, 17).map(({ key }) => key),
    ['document/15', 'document/0', 'document/1'],
  )
  const last = policyTopicCodec.decode(records.at(-1)?.value ?? new Uint8Array()).record
  assert.ok(last.kind === 'policy')
  assert.deepEqual([last.author, last.reason, last.at], ['ann', 'because', ports.clock.now()])
  await publisher.stop()
  const again = await createPolicyPublisher(ports)
  assert.equal(again.current()?.revision, 20)
  await again.stop()
})

test('of concurrent changes upon one revision one wins, and the others are told which', async () => {
  const ports = testPorts()
  const publisher = await createPolicyPublisher(ports)
  const outcomes = await Promise.all(['a', 'b', 'c'].map((name) => publisher.publish(change(policyText(name), 0))))
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['published', 'conflict', 'conflict'],
  )
  assert.deepEqual(outcomes[2], { kind: 'conflict', currentRevision: 1 })
  assert.equal(ports.bus.records(topics.policy.name).length, 1)
})

test('whatever holds may be changed on purpose, and the same document makes no revision', async () => {
  const publisher = await createPolicyPublisher(testPorts())
  const kinds: PolicyOutcome['kind'][] = []
  for (const name of ['a', 'a', 'b']) kinds.push((await publisher.publish(change(policyText(name), 'any'))).kind)
  assert.deepEqual(kinds, ['published', 'unchanged', 'published'])
  assert.equal(publisher.current()?.revision, 2)
})

test('a dry run tells what would be and changes nothing', async () => {
  const ports = testPorts()
  const publisher = await createPolicyPublisher(ports)
  assert.deepEqual(await publisher.publish(change(policyText('a'), 'any', { dryRun: true })), {
    kind: 'published',
    revision: 1,
    warnings: [],
  })
  assert.equal((await publisher.publish(change('organization: 5', 'any', { dryRun: true }))).kind, 'invalid')
  assert.deepEqual(ports.bus.records(topics.policy.name), [])
})

test('an invalid document is refused with all its faults, also upon a stale revision', async () => {
  const ports = testPorts()
  const publisher = await createPolicyPublisher(ports)
  const outcome = await publisher.publish(change('organization: { name: 5 }\napplications: no\nrouts: {}\n', 17))
  assert.ok(outcome.kind === 'invalid')
  assert.ok(outcome.faults.length >= 4, JSON.stringify(outcome.faults))
  assert.ok(outcome.faults.every(({ path, message, hint }) => path.startsWith('/') && message && hint))
  assert.deepEqual(ports.bus.records(topics.policy.name), [])
})

test('a document of thousands of addresses fits into a record', async () => {
  const ports = testPorts()
  const publisher = await createPolicyPublisher(ports)
  const addresses = Array.from({ length: 9_000 }, (_, index) => `a-very-long-local-part-${index}@example.com`)
  const document = { ...JSON.parse(policyText('a')) }
  document.applications[0].senders = { addresses }
  assert.equal((await publisher.publish(change(JSON.stringify(document), 0))).kind, 'published')
  assert.deepEqual(publisher.current()?.document, document)
  assert.deepEqual((await createPolicyPublisher(ports)).current()?.document, document)
})

test('a document that does not fit into a record is refused with what to do', async () => {
  const publisher = await createPolicyPublisher(testPorts())
  const addresses = Array.from({ length: 6_700 }, () => `${randomBytes(45).toString('base64url')}@example.com`)
  const document = JSON.parse(policyText('a'))
  document.applications[0].senders = { addresses }
  const outcome = await publisher.publish(change(JSON.stringify(document), 'any'))
  assert.ok(outcome.kind === 'invalid')
  assert.match(outcome.faults[0]?.hint ?? '', /directories/)
})

test('a failure of the bus fails the change, and the next one goes on', async () => {
  const ports = testPorts()
  const publisher = await createPolicyPublisher(ports)
  ports.bus.faults.publish = () => new Error('the disk is full')
  await assert.rejects(publisher.publish(change(policyText('a'), 0)), /the disk is full/)
  ports.bus.faults.publish = undefined
  assert.equal((await publisher.publish(change(policyText('a'), 0))).kind, 'published')
})

test('a row that cannot be read is left out', async () => {
  const ports = testPorts()
  await ports.bus.publish({ topic: topics.policy.name, key: 'document/1', value: new Uint8Array([1, 2, 3]) })
  const publisher = await createPolicyPublisher(ports)
  assert.equal(publisher.current(), undefined)
})
