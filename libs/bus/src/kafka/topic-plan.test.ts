import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type TopicSpec, topics } from '@sallyport/contracts'
import { createCommand, faults, minInsyncOf, newTopic } from './topic-plan.ts'

const plan = { partitions: 12, replication: 3, minInsync: 2 }
const brokers = 'k1:9092'
const table: TopicSpec = topics.policy
const unread: TopicSpec = topics.decided
const aged: TopicSpec = topics.events

/** What is said of a topic that we created, but for these settings. */
function said(
  spec: TopicSpec,
  changes: Readonly<Record<string, string>> = {},
  found: { partitions?: number; replicas?: number } = {},
) {
  const configuration = new Map([...newTopic(spec, plan).configuration, ...Object.entries(changes)])
  const topic = { name: spec.name, partitions: 12, replicas: 3, hasLeaders: true, ...found }
  return faults(spec, plan, topic, configuration, brokers)
}

test('every topic of the gateway that we create is as it must be', () => {
  for (const spec of Object.values(topics)) assert.deepEqual(said(spec), [], spec.name)
})

test('durable needs two replicas where there are three, and does not stop a single broker', () => {
  assert.deepEqual([1, 2, 3, 5].map(minInsyncOf), [1, 1, 2, 2])
})

test('what is not read never expires, what is read by age stays as long, and tables are compacted', () => {
  const setting = (spec: TopicSpec, name: string) => newTopic(spec, plan).configuration.get(name)
  assert.deepEqual([setting(unread, 'retention.ms'), setting(unread, 'cleanup.policy')], ['-1', 'delete'])
  assert.deepEqual([setting(aged, 'retention.ms'), setting(aged, 'retention.bytes')], [String(7 * 86_400_000), '-1'])
  assert.equal(setting(table, 'cleanup.policy'), 'compact')
})

const wrong: readonly (readonly [TopicSpec, string, string, string])[] = [
  [unread, 'retention.ms', '604800000', '-1'],
  [unread, 'retention.bytes', '1000', '-1'],
  [unread, 'cleanup.policy', 'compact', 'delete'],
  [aged, 'retention.ms', '1000', String(7 * 86_400_000)],
  [table, 'cleanup.policy', 'compact,delete', 'compact'],
  [table, 'min.insync.replicas', '1', '2'],
  [unread, 'max.message.bytes', '100000', '1048576'],
  [unread, 'unclean.leader.election.enable', 'true', 'false'],
]
for (const [spec, name, has, wanted] of wrong) {
  test(`${spec.name} with ${name}=${has}: named, with the command that mends it`, () => {
    const mend = `kafka-configs.sh --bootstrap-server k1:9092 --alter --entity-type topics --entity-name ${spec.name} --add-config ${name}=${wanted}`
    assert.deepEqual(said(spec, { [name]: has }), [
      `the topic ${spec.name} of Kafka has ${name}=${has}, not ${wanted}; mend it: ${mend}`,
    ])
  })
}

test('more than what is needed is no fault', () => {
  assert.deepEqual(said(aged, { 'retention.ms': '-1', 'max.message.bytes': '9000000', 'min.insync.replicas': '3' }), [])
  assert.deepEqual(said(table, { 'segment.ms': '5', 'min.cleanable.dirty.ratio': '0.9' }), [])
  assert.deepEqual(said(aged, {}, { replicas: 4 }), [])
})

test('partitions and replicas that differ: with both ways out', () => {
  assert.match(
    said(aged, {}, { partitions: 6 })[0] ?? '',
    /mail\.events .* 6 partitions, not 12; add them: .*--partitions 12, or set .* to 6$/,
  )
  assert.match(said(aged, {}, { partitions: 24 })[0] ?? '', /24 partitions, not 12; partitions cannot be taken away: set .* to 24$/)
  assert.match(
    said(aged, {}, { replicas: 1 })[0] ?? '',
    /has 1 replicas, not 3; .*kafka-reassign-partitions\.sh, or set the replication to 1$/,
  )
})

test('how an operator creates it', () => {
  assert.match(
    createCommand(newTopic(table, plan), brokers),
    /^kafka-topics\.sh --bootstrap-server k1:9092 --create --topic policy --partitions 12 --replication-factor 3 .*--config cleanup\.policy=compact/,
  )
})
