import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientProducer, newIdentity, type ProducerCluster } from './client-producer.ts'
import type { Appended, ProduceRequest } from './produce-request.ts'

type Answer = Partial<Appended> | Error

/** A cluster of one partition, whose leader is another once it was asked for anew; each broker answers what it is told to, and tells what it was asked. */
function world(answers: Answer[]) {
  const asked: { leader: string; bytes: Buffer }[] = []
  let leader = 1
  let learned = 0
  const removed: string[] = []
  const brokerOf = (nodeId: string) => ({
    connectionPool: {
      async send({ request, response }: ProduceRequest): Promise<readonly Appended[]> {
        asked.push({ leader: nodeId, bytes: Buffer.from((await request.encode()).buffer) })
        const answer = answers.shift() ?? {}
        if (answer instanceof Error) throw answer
        const { topic = 't', partition = 3, errorCode = 0, offset = 100 } = answer
        return await response.parse(await response.decode(answerBytes({ topic, partition, errorCode, offset })))
      },
    },
    initProducerId: async () => ({ producerId: '9007199254740993', producerEpoch: 2 }),
    disconnect: async () => {},
  })
  const cluster: ProducerCluster = {
    addMultipleTargetTopics: async () => {},
    findTopicPartitionMetadata: () => [{ partitionId: 3, leader }],
    findBroker: async ({ nodeId }) => brokerOf(nodeId),
    findControllerBroker: async () => brokerOf('1'),
    refreshMetadata: async () => {
      leader = 2
      learned++
    },
    refreshMetadataIfNecessary: async () => {},
    removeBroker: ({ host, port }) => void removed.push(`${host}:${port}`),
  }
  return { cluster, asked, removed, learned: () => learned }
}

function answerBytes({ topic, partition, errorCode, offset }: Appended): Buffer {
  const bytes = Buffer.alloc(4 + 2 + topic.length + 4 + 30 + 4)
  let at = bytes.writeInt32BE(1, 0)
  at = bytes.writeInt16BE(topic.length, at)
  at += bytes.write(topic, at)
  at = bytes.writeInt32BE(1, at)
  at = bytes.writeInt32BE(partition, at)
  at = bytes.writeInt16BE(errorCode, at)
  at = bytes.writeBigInt64BE(BigInt(offset), at)
  bytes.writeInt32BE(0, at + 16)
  return bytes
}

const request = (keys: readonly string[]) => ({
  topic: 't',
  partition: 3,
  acks: 'all' as const,
  records: keys.map((key) => ({ key, value: null, headers: {} })),
})

/** Of the batch: it stands 8 bytes behind the epoch, which follows the 8 bytes of the producer. */
const batchAt = 2 + 2 + 4 + 4 + 2 + 1 + 4 + 4 + 4
const placeOf = ({ bytes }: { bytes: Buffer } = { bytes: Buffer.alloc(200) }) => ({
  producerId: bytes.readBigInt64BE(batchAt + 43),
  epoch: bytes.readInt16BE(batchAt + 51),
  sequence: bytes.readInt32BE(batchAt + 53),
})

const idempotent = async (answers: Answer[]) => {
  const made = world(answers)
  return { ...made, producer: clientProducer(made.cluster, await newIdentity(made.cluster), async () => {}) }
}
const protocol = (errorCode: number): Answer => ({ errorCode, offset: -1 })

test('each batch has the number that follows the records before it', async () => {
  const { producer, asked } = await idempotent([{ offset: 7 }, { offset: 9 }])
  assert.equal(await producer.send(request(['a', 'b'])), 7)
  assert.equal(await producer.send(request(['c'])), 9)
  assert.deepEqual(asked.map(placeOf), [
    { producerId: 9007199254740993n, epoch: 2, sequence: 0 },
    { producerId: 9007199254740993n, epoch: 2, sequence: 2 },
  ])
})

test('where the leader moved, or the answer did not come, the same bytes go again', async () => {
  const closed = Object.assign(new Error('closed'), { name: 'KafkaJSConnectionClosedError', host: 'h', port: 9 })
  const { producer, asked, removed, learned } = await idempotent([protocol(6), closed, { offset: 4 }, {}])
  assert.equal(await producer.send(request(['a'])), 4)
  assert.deepEqual(
    asked.map(({ leader }) => leader),
    ['1', '2', '2'],
  )
  assert.ok(asked.every(({ bytes }) => bytes.equals(asked[0]?.bytes ?? Buffer.alloc(0))))
  assert.deepEqual([learned(), removed], [2, ['h:9']])
  await producer.send(request(['b']))
  assert.equal(placeOf(asked[3]).sequence, 1)
})

test('what cannot be mended is not tried again, and is called as the bus knows it', async () => {
  const { producer, asked } = await idempotent([protocol(29), protocol(45), protocol(4711)])
  await assert.rejects(producer.send(request(['a'])), { type: 'TOPIC_AUTHORIZATION_FAILED' })
  await assert.rejects(producer.send(request(['a'])), { type: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
  await assert.rejects(producer.send(request(['a'])), { type: 'error 4711' })
  assert.equal(asked.length, 3)
})

test('an answer about another partition, or that does not say where the records are, is none', async () => {
  for (const lie of [{ partition: 2 }, { topic: 'u' }, { offset: -1 }]) {
    const { producer, asked } = await idempotent([lie, { offset: 5 }])
    assert.equal(await producer.send(request(['a'])), 5)
    assert.equal(asked.length, 2)
  }
})

test('a producer without an identity numbers nothing', async () => {
  const { cluster, asked } = world([])
  await clientProducer(cluster, undefined, async () => {}).send({ ...request(['a']), acks: 'leader' })
  assert.deepEqual(placeOf(asked[0]), { producerId: -1n, epoch: -1, sequence: -1 })
  assert.equal(asked[0]?.bytes.readInt16BE(2), 1)
})

test('a closed producer does not try again', async () => {
  const { producer, asked } = await idempotent([protocol(6)])
  const sent = producer.send(request(['a']))
  await producer.close()
  await assert.rejects(sent, /NOT_LEADER/)
  assert.equal(asked.length, 1)
})
