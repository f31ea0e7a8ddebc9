import assert from 'node:assert/strict'
import { test } from 'node:test'
import { topics } from '@sallyport/contracts'
import type { KafkaClient, NewTopic } from './client-port.ts'
import { prepareTopics } from './prepare-topics.ts'

type Admin = Pick<KafkaClient, 'topics' | 'createTopics' | 'configuration'>
const specs = [topics.decided, topics.policy]
const plan = { partitions: 2, replication: 1, minInsync: 1 }
const coded = (type: string): Error => Object.assign(new Error(`it says ${type}`), { type })

function cluster(onCreate: () => void = () => {}): Admin & { readonly has: Map<string, NewTopic> } {
  const has = new Map<string, NewTopic>()
  return {
    has,
    topics: async (names) =>
      [...has.values()]
        .filter(({ name }) => names.includes(name))
        .map(({ name, partitions, replication }) => ({ name, partitions, replicas: replication, hasLeaders: true })),
    async createTopics(wanted) {
      onCreate()
      for (const topic of wanted) has.set(topic.name, topic)
    },
    configuration: async () => new Map(Array.from(has, ([name, { configuration }]) => [name, configuration])),
  }
}

test('what is missing is created, what is there is left alone, and both are verified', async () => {
  const admin = cluster()
  const partitions = await prepareTopics(admin, specs, plan, ['k:1'])
  assert.deepEqual(
    [...partitions],
    [
      ['mail.decided', 2],
      ['policy', 2],
    ],
  )
  let created = 0
  const again = { ...admin, createTopics: async () => void created++ }
  await prepareTopics(again, specs, plan, ['k:1'])
  assert.equal(created, 0)
  await assert.rejects(prepareTopics(again, specs, { ...plan, partitions: 3 }, ['k:1']), {
    code: 'CONFIG_INVALID',
    message: /mail\.decided .*has 2 partitions, not 3[\s\S]*policy .*has 2 partitions, not 3/,
  })
})

for (const code of ['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'POLICY_VIOLATION']) {
  test(`creating is forbidden (${code}): the commands that do it`, async () => {
    const admin = cluster(() => {
      throw Object.assign(new Error('several'), { errors: [coded(code), coded('TOPIC_ALREADY_EXISTS')] })
    })
    await assert.rejects(prepareTopics(admin, specs, plan, ['k:1']), {
      code: 'CONFIG_INVALID',
      message: new RegExp(`${code}.*kafka-acls\\.sh[\\s\\S]*--create --topic mail\\.decided[\\s\\S]*--create --topic policy`),
    })
  })
}

test('fewer brokers than replicas', async () => {
  const admin = cluster(() => {
    throw coded('INVALID_REPLICATION_FACTOR')
  })
  await assert.rejects(prepareTopics(admin, specs, { ...plan, replication: 3 }, ['k:1']), {
    code: 'CONFIG_INVALID',
    message: /fewer brokers than the 3 replicas .*set the replication/,
  })
})

test('another failure is told as it is', async () => {
  const admin = cluster(() => {
    throw coded('REQUEST_TIMED_OUT')
  })
  await assert.rejects(prepareTopics(admin, specs, plan, ['k:1']), /it says REQUEST_TIMED_OUT/)
})
