/** Creates the topics that are missing, and verifies those that are there. */
import { setTimeout as sleep } from 'node:timers/promises'
import { SallyportError, type TopicSpec } from '@sallyport/contracts'
import type { FoundTopic, KafkaClient } from './client-port.ts'
import { isRefused, messageOf, protocolCode } from './kafka-failure.ts'
import { type ClusterPlan, createCommand, faults, misconfigured, newTopic } from './topic-plan.ts'

type Admin = Pick<KafkaClient, 'topics' | 'createTopics' | 'configuration'>

/** After it was created, a topic is known to every broker within this. */
const spreadMs = 30_000
const lookEveryMs = 100

/** Resolves with the partitions of each topic. Fails with CONFIG_INVALID where the cluster forbids it or has them otherwise. */
export async function prepareTopics(
  client: Admin,
  specs: readonly TopicSpec[],
  plan: ClusterPlan,
  brokers: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const names = specs.map(({ name }) => name)
  const existing = new Set((await client.topics(names)).map(({ name }) => name))
  const missing = specs.filter(({ name }) => !existing.has(name))
  if (missing.length > 0) await create(client, missing, plan, brokers.join(','))
  const found = await allOf(client, names)
  const configuration = await configurationOf(client, names, brokers.join(','))
  const said = specs.flatMap((spec) => {
    const topic = found.find(({ name }) => name === spec.name)
    return topic ? faults(spec, plan, topic, configuration.get(spec.name) ?? new Map(), brokers.join(',')) : []
  })
  if (said.length > 0) throw misconfigured(said)
  return new Map(found.map(({ name, partitions }) => [name, partitions]))
}

async function create(client: Admin, missing: readonly TopicSpec[], plan: ClusterPlan, brokers: string): Promise<void> {
  const wanted = missing.map((spec) => newTopic(spec, plan))
  try {
    await client.createTopics(wanted)
  } catch (error) {
    const code = protocolCode(error)
    if (code === 'INVALID_REPLICATION_FACTOR') {
      const said = `Kafka has fewer brokers than the ${plan.replication} replicas that each topic is to have; start them, or set the replication to the number of brokers`
      throw misconfigured([said], error)
    }
    if (!isRefused(error) && code !== 'POLICY_VIOLATION' && code !== 'INVALID_CONFIG') throw error
    throw misconfigured(
      [
        `Kafka does not let us create topics (${code}: ${messageOf(error)}); allow CREATE on them (kafka-acls.sh --add --operation Create --topic …), or create them:`,
        ...wanted.map((topic) => createCommand(topic, brokers)),
      ],
      error,
    )
  }
}

async function allOf(client: Admin, names: readonly string[]): Promise<readonly FoundTopic[]> {
  const deadline = performance.now() + spreadMs
  let why: unknown = 'not every partition has a leader'
  while (performance.now() < deadline) {
    try {
      const found = await client.topics(names)
      if (found.length === names.length && found.every(({ hasLeaders }) => hasLeaders)) return found
    } catch (error) {
      // Some broker does not know them yet.
      why = error
    }
    await sleep(lookEveryMs)
  }
  throw new SallyportError('BUS_UNAVAILABLE', `the topics of Kafka are not ready: ${messageOf(why)}; look at the brokers`)
}

async function configurationOf(client: Admin, names: readonly string[], brokers: string): ReturnType<Admin['configuration']> {
  try {
    return await client.configuration(names)
  } catch (error) {
    if (!isRefused(error)) throw error
    const said = `Kafka does not let us read how its topics are configured (${protocolCode(error)}); allow DESCRIBE_CONFIGS on them: kafka-acls.sh --bootstrap-server ${brokers} --add --operation DescribeConfigs --topic …`
    throw misconfigured([said], error)
  }
}
