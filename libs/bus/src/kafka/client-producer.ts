/**
 * A producer on a client's view of the cluster: one request for one partition, and it believes only an answer that says where the
 * records are. What is sent again is the same bytes under the same number, so that the broker knows it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { AppendError } from './append-errors.ts'
import type { ClientProducer, SendRequest } from './client-port.ts'
import { withPatience } from './groupless-reader.ts'
import { type Appended, type ProduceRequest, produceRequest } from './produce-request.ts'
import { noPlace, type ProducerPlace } from './record-batch.ts'

/** What is used of the client's view. */
export interface ProducerCluster {
  addMultipleTargetTopics(topics: string[]): Promise<void>
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[]
  findBroker(node: { nodeId: string }): Promise<object>
  findControllerBroker(): Promise<object>
  refreshMetadata(): Promise<void>
  refreshMetadataIfNecessary(): Promise<void>
  removeBroker(broker: { host: string; port: number }): void
}

export interface ProducerBroker {
  readonly connectionPool: { send(request: ProduceRequest): Promise<readonly Appended[]> }
  initProducerId(request: { transactionTimeout: number }): Promise<{ readonly producerId: string; readonly producerEpoch: number }>
  disconnect(): Promise<void>
}

/** As a cluster gave it: the broker tells repeats of this producer. */
export type ProducerIdentity = Pick<ProducerPlace, 'producerId' | 'epoch'>

/** Asks the cluster for an identity. */
export async function newIdentity(cluster: ProducerCluster): Promise<ProducerIdentity> {
  return await withPatience(async () => {
    await cluster.refreshMetadataIfNecessary()
    const broker = producerBroker(await cluster.findControllerBroker())
    const { producerId, producerEpoch } = await broker.initProducerId({ transactionTimeout: 60_000 })
    return { producerId: BigInt(producerId), epoch: producerEpoch }
  })
}

/** How long a leader may wait for its followers, ms. Below the time of the request, so that the answer says why. */
const acksTimeoutMs = 4_000
const tries = 9
const firstWaitMs = 50
const longestWaitMs = 1_000
/** A 32-bit number that starts again from 0. */
const sequences = 2 ** 31

/** Without an identity it takes `acks: 'leader'` as well, and what is sent again may be there twice. */
export function clientProducer(
  cluster: ProducerCluster,
  identity: ProducerIdentity | undefined,
  close: () => Promise<void>,
): ClientProducer {
  const known = new Set<string>()
  /** By partition: how many records were appended. */
  const appended = new Map<string, number>()
  let isClosed = false

  async function leaderOf({ topic, partition }: SendRequest): Promise<ProducerBroker> {
    if (!known.has(topic)) await cluster.addMultipleTargetTopics([topic])
    known.add(topic)
    const leader = cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition)?.leader ?? -1
    if (leader < 0) throw new Error(`partition ${partition} of ${topic} has no leader now`)
    return producerBroker(await cluster.findBroker({ nodeId: String(leader) }))
  }

  async function ask(request: SendRequest, encoded: ProduceRequest): Promise<number> {
    const { topic, partition } = request
    const broker = await leaderOf(request)
    const answers = await broker.connectionPool.send(encoded).catch(async (error: unknown) => {
      if (isConnectionClosed(error)) await broker.disconnect()
      throw error
    })
    const [answer] = answers
    if (answers.length !== 1 || answer?.topic !== topic || answer.partition !== partition)
      throw new Error(`the answer is not about partition ${partition} of ${topic}`)
    if (answer.errorCode !== 0) throw new AppendError(answer.errorCode, topic, partition)
    if (!(answer.offset >= 0)) throw new Error(`the answer does not say where partition ${partition} of ${topic} has the records`)
    return answer.offset
  }

  /** Leaders are learned anew. */
  async function learn(error: unknown): Promise<void> {
    if (error instanceof Error && 'host' in error && 'port' in error)
      cluster.removeBroker({ host: String(error.host), port: Number(error.port) })
    await cluster.refreshMetadata().catch(() => {})
  }

  return {
    async send(request) {
      const at = `${request.topic} ${request.partition}`
      const sequence = appended.get(at) ?? 0
      const encoded = produceRequest(request, identity ? { ...identity, sequence } : noPlace, acksTimeoutMs, Date.now())
      for (let tried = 1, waitMs = firstWaitMs; ; tried++, waitMs = Math.min(longestWaitMs, waitMs * 2)) {
        try {
          const offset = await ask(request, encoded)
          appended.set(at, (sequence + request.records.length) % sequences)
          return offset
        } catch (error) {
          if (tried >= tries || isClosed || isFinal(error)) throw error
          await learn(error)
          await sleep(waitMs)
        }
      }
    },
    async close() {
      isClosed = true
      await close()
    },
  }
}

/** These are not among the types of kafkajs. */
function producerBroker(broker: object): ProducerBroker {
  const isOne = (it: object): it is ProducerBroker => 'connectionPool' in it && 'initProducerId' in it
  if (!isOne(broker)) throw new TypeError('this is not the kafkajs that the producer was made for: look at package.json')
  return broker
}

const isConnectionClosed = (error: unknown): boolean => error instanceof Error && error.name === 'KafkaJSConnectionClosedError'

const isFinal = (error: unknown): boolean => {
  if (error instanceof AppendError) return !error.isRetriable
  // What kafkajs will not try again, such as a log-in that is refused.
  return error instanceof Error && 'retriable' in error && error.retriable === false
}
