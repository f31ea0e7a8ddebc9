/** The Kafka client, on kafkajs: the only file that imports it. */
import {
  AssignerProtocol,
  type Cluster,
  type EachBatchPayload,
  Kafka,
  logLevel,
  type PartitionAssigner,
  PartitionAssigners,
} from 'kafkajs'
import type { Logger } from 'pino'
import { clientMember } from './client-member.ts'
import type { ClientMember, GrouplessReader, KafkaClient, MemberOptions } from './client-port.ts'
import { clientProducer, newIdentity } from './client-producer.ts'
import { clientSocket } from './client-socket.ts'
import { connectionSettings, redactor } from './connection-settings.ts'
import { cooperativeProtocol } from './cooperative-protocol.ts'
import { FetchPause } from './fetch-pause.ts'
import { fetchedRecord } from './fetched-record.ts'
import { grouplessReader, recordsFrom, withPatience } from './groupless-reader.ts'
import type { KafkaServer } from './kafka-bus-options.ts'
import { isAlreadyThere, refusedGroup } from './kafka-failure.ts'
import { offsetsByTopic, offsetsOf } from './offsets-by-topic.ts'

/** A broker that is there answers within this; a fetch or a commit that waits for one that is not ends after it. */
const requestTimeoutMs = 5_000
const sessionTimeoutMs = 6_000
/** Also how soon members notice that the group changes. */
const heartbeatMs = 500
const rebalanceTimeoutMs = 10_000
/** It bounds how fast a member stops. */
const fetchWaitMs = 100
const patientBytes = 256 * 1024
const retry = { initialRetryTime: 50, maxRetryTime: 1_000, retries: 8 }

/** Thrown where kafkajs asks what to do before it fetches, it makes the member join again: there is no other way to ask for it. */
const rejoin = Object.assign(new Error('what this member holds has changed'), { type: 'REBALANCE_IN_PROGRESS' })

/** Fails with CONFIG_INVALID. Connects to nothing yet. */
export function kafkajsClient(server: KafkaServer, log: Logger): KafkaClient {
  const redact = redactor(server)
  // It throws that there is no coordinator, and only its log says why.
  let groupRefusedAt = Number.NEGATIVE_INFINITY
  const kafka = new Kafka({
    ...connectionSettings(server),
    socketFactory: clientSocket,
    connectionTimeout: 3_000,
    authenticationTimeout: 5_000,
    requestTimeout: requestTimeoutMs,
    retry,
    logLevel: log.isLevelEnabled('debug') ? logLevel.WARN : logLevel.ERROR,
    // What it calls an error it mostly mends by itself; what it does not is thrown.
    logCreator:
      () =>
      ({ namespace, log: { message, error } }) => {
        if (message.startsWith('Response GroupCoordinator') && /authoriz/i.test(String(error))) groupRefusedAt = performance.now()
        log.debug({ client: namespace, reason: redact(String(error ?? '')) }, redact(message))
      },
  })
  const admin = kafka.admin()
  // Apart from those that follow tables, whose requests wait for records.
  let lookup: Promise<GrouplessReader> | undefined
  const lookups = (): Promise<GrouplessReader> => {
    lookup ??= reader(kafka)
    const opening = lookup
    opening.catch(() => {
      if (lookup === opening) lookup = undefined
    })
    return opening
  }
  return {
    connect: () => admin.connect(),
    producer: async (kind) => {
      const { cluster, close } = await clusterView(kafka, kind === 'idempotent' ? 1 : 5)
      try {
        return clientProducer(cluster, kind === 'idempotent' ? await newIdentity(cluster) : undefined, close)
      } catch (error) {
        await close().catch(() => {})
        throw error
      }
    },
    async join(options) {
      const began = performance.now()
      try {
        return await joined(kafka, options)
      } catch (error) {
        throw groupRefusedAt < began ? error : refusedGroup(options.group, error)
      }
    },
    async topics(names) {
      const existing = await admin.listTopics()
      const wanted = names.filter((name) => existing.includes(name))
      if (wanted.length === 0) return []
      const { topics } = await admin.fetchTopicMetadata({ topics: wanted })
      return topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.length,
        replicas: Math.min(...partitions.map((partition) => partition.replicas.length)),
        hasLeaders: partitions.every(({ leader }) => leader >= 0),
      }))
    },
    async createTopics(topics) {
      const wanted = topics.map(({ name, partitions, replication, configuration }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor: replication,
        configEntries: Array.from(configuration, ([key, value]) => ({ name: key, value })),
      }))
      await admin.createTopics({ topics: wanted, waitForLeaders: false, timeout: requestTimeoutMs }).catch((error: unknown) => {
        if (!isAlreadyThere(error)) throw error
      })
    },
    async configuration(topics) {
      const resources = topics.map((name) => ({ type: topicResource, name }))
      const found = await admin.describeConfigs({ resources, includeSynonyms: false })
      return new Map(
        found.resources.map(({ resourceName, configEntries }) => [
          resourceName,
          new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
        ]),
      )
    },
    bounds: async (topic) => withPatience(async () => (await lookups()).bounds(topic)),
    recordAt: async (at) => withPatience(async () => (await recordsFrom(await lookups(), at, 1))[0]),
    recordsFrom: async (at) => withPatience(async () => recordsFrom(await lookups(), at)),
    async committed(group, topics) {
      const found = await withPatience(() => admin.fetchOffsets({ groupId: group, topics: [...topics] }))
      return offsetsOf(found).filter(({ offset }) => offset >= 0)
    },
    async deleteBelow(topic, offsets) {
      // One that has just learned who leads: an older one does not ask again where a leader moved.
      const fresh = kafka.admin()
      try {
        await fresh.connect()
        await fresh.fetchTopicOffsets(topic)
        const partitions = offsets.map(({ partition, offset }) => ({ partition, offset: String(offset) }))
        await fresh.deleteTopicRecords({ topic, partitions })
      } finally {
        await fresh.disconnect()
      }
    },
    reader: () => reader(kafka),
    async close() {
      await Promise.allSettled([admin.disconnect(), lookup?.then((opened) => opened.close())])
    },
  }
}

const topicResource = 2

async function reader(kafka: Kafka): Promise<GrouplessReader> {
  const { cluster, close } = await clusterView(kafka)
  return grouplessReader(cluster, close)
}

/** Of a consumer that never joins: what reads without a group, and what appends, uses its connections and what it knows of leaders. */
async function clusterView(kafka: Kafka, maxInFlightRequests?: number) {
  const clusters: Cluster[] = []
  const noAssigner: PartitionAssigner = (given) => {
    clusters.push(given.cluster)
    return PartitionAssigners.roundRobin(given)
  }
  const consumer = kafka.consumer({
    groupId: 'none',
    allowAutoTopicCreation: false,
    partitionAssigners: [noAssigner],
    retry,
    ...(maxInFlightRequests && { maxInFlightRequests }),
  })
  const [cluster] = clusters
  if (!cluster) throw new TypeError('kafkajs handed out no view of the cluster')
  await consumer.connect()
  return { cluster, close: () => consumer.disconnect() }
}

async function joined(kafka: Kafka, options: MemberOptions): Promise<ClientMember> {
  let isLeaving = false
  const pause = new FetchPause()
  const consumer = kafka.consumer({
    groupId: options.group,
    partitionAssigners: [({ cluster }) => cooperativeProtocol(AssignerProtocol, options.claim, cluster)],
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatMs,
    rebalanceTimeout: rebalanceTimeoutMs,
    maxWaitTimeInMs: fetchWaitMs,
    minBytes: options.isPatient ? patientBytes : 1,
    allowAutoTopicCreation: false,
    readUncommitted: true,
    // The bus starts a new member: one that kafkajs starts anew may outlive its leaving.
    retry: { ...retry, restartOnFailure: async () => false },
  })
  let hasEnded: Error | undefined
  // Not `consumer.commitOffsets`: that tries again for seconds, also when the partitions are with others by then.
  let commit: EachBatchPayload['commitOffsetsIfNecessary'] | undefined
  consumer.on('consumer.crash', ({ payload }) => {
    hasEnded = payload.error
    if (!isLeaving) options.onEnd(payload.error)
  })
  consumer.on('consumer.group_join', ({ payload: { memberId, memberAssignment } }) => {
    const partitions = Object.entries(memberAssignment).flatMap(([topic, numbers]) =>
      numbers.map((partition) => ({ topic, partition })),
    )
    if (!isLeaving) options.onAssigned(memberId, partitions)
  })
  consumer.on('consumer.commit_offsets', ({ payload }) => {
    options.onCommitted(offsetsOf(payload.topics))
  })
  consumer.on('consumer.fetch_start', () => {
    if (!isLeaving && options.wantsToRejoin()) throw rejoin
  })
  const leave = async (): Promise<void> => {
    isLeaving = true
    await consumer.disconnect()
  }
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      // All that one fetch brought, at once: handling only enqueues.
      partitionsConsumedConcurrently: 32,
      eachBatch: async ({ batch, commitOffsetsIfNecessary }) => {
        commit = commitOffsetsIfNecessary
        const at = { topic: batch.topic, partition: batch.partition }
        // Not in its types: the offset that this fetch asked for.
        const from: unknown = Reflect.get(batch, 'fetchedOffset')
        options.onRecords(
          at,
          Number(from ?? batch.firstOffset()),
          batch.messages.map(fetchedRecord),
          Number(batch.lastOffset()) + 1,
        )
        await pause.begin()
      },
    })
    if (hasEnded) throw hasEnded
  } catch (error) {
    await leave().catch(() => {})
    throw error
  }
  return clientMember(consumer, async (offsets) => commit?.({ topics: offsetsByTopic(offsets) }), leave)
}
