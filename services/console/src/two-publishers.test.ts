/** Two processes with the role console: the first row of a revision holds for everybody, and no change is lost without a word. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { topics } from '@sallyport/contracts'
import { decodePolicyRow, followPolicy } from '@sallyport/runtime'
import { eventually, testPorts } from '@sallyport/testkit'
import { policyText } from './policy.cases.ts'
import { createPolicyPublisher, type PolicyChange, type PolicyPublisher } from './policy-publisher.ts'

const change = (author: string, ifRevision: PolicyChange['ifRevision']): PolicyChange => ({
  text: policyText(author),
  author,
  reason: 'because',
  ifRevision,
})

/** The last row of each key, as compaction leaves it. */
function compacted(ports: ReturnType<typeof testPorts>): readonly string[] {
  const rows = new Map(ports.bus.records(topics.policy.name).map(({ key, value }) => [key, value]))
  return [...rows].flatMap(([key, value]) => decodePolicyRow(key, value)?.author ?? [])
}

async function twoPublishers() {
  const ports = testPorts()
  const [ann, bob] = [await createPolicyPublisher(ports), await createPolicyPublisher(ports)]
  const policy = await followPolicy(ports.bus, ports.log)
  const authors = (publisher: PolicyPublisher): readonly string[] => publisher.revisions().map(({ author }) => author)
  return { ports, ann, bob, policy, authors }
}

test('of two changes upon one revision one holds, and the other is told of a conflict', async () => {
  const { ports, ann, bob, policy, authors } = await twoPublishers()
  const outcomes = await Promise.all([ann.publish(change('ann', 0)), bob.publish(change('bob', 0))])
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['published', 'conflict'],
  )
  await eventually(() => policy.isLoaded())
  assert.equal(policy.current().document.organization.name, 'ann')
  assert.deepEqual([authors(ann), authors(bob)], [['ann'], ['ann']])
  assert.deepEqual(compacted(ports), ['ann'], 'who starts after compaction sees the same')
})

test('a file that is applied whatever holds is applied after the other change', async () => {
  const { ports, ann, bob, policy, authors } = await twoPublishers()
  const outcomes = await Promise.all([ann.publish(change('ann', 'any')), bob.publish(change('bob', 'any'))])
  assert.deepEqual(
    outcomes.map((outcome) => [outcome.kind, 'revision' in outcome && outcome.revision]),
    [
      ['published', 1],
      ['published', 2],
    ],
  )
  await eventually(() => policy.isLoaded() && policy.current().revision === 2)
  assert.deepEqual(
    [authors(ann), authors(bob)],
    [
      ['bob', 'ann'],
      ['bob', 'ann'],
    ],
  )
  assert.deepEqual(compacted(ports), ['ann', 'bob'])
})
