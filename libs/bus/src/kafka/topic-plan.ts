/** How each topic must be on the cluster, and what to say where it is not. */
import { SallyportError, type TopicSpec } from '@sallyport/contracts'
import type { FoundTopic, NewTopic } from './client-port.ts'
import { messageOf } from './kafka-failure.ts'

const hour = 3_600_000
/** A request of 512 KiB of records, each with its headers. */
const batchBytes = 1024 * 1024
const forever = '-1'

export interface ClusterPlan {
  readonly partitions: number
  readonly replication: number
  /** Replicas that must have a durable record. */
  readonly minInsync: number
}

interface Setting {
  readonly name: string
  /** As it is set where we create the topic. */
  readonly value: string
  /** Whether what a topic has does as well. Undefined: it is advice, and every value does. */
  readonly isEnough?: (value: string) => boolean
}

/** One replica may be away and nothing is lost or stopped; of one or two replicas none may be away without risk or halt. */
export const minInsyncOf = (replication: number): number => (replication >= 3 ? 2 : 1)

const exactly = (name: string, value: string): Setting => ({ name, value, isEnough: (has) => has === value })
const atLeast = (name: string, value: number, created = String(value)): Setting => ({
  name,
  value: created,
  isEnough: (has) => Number(has) >= value,
})
const advice = (name: string, value: string): Setting => ({ name, value })

function settings({ retention }: TopicSpec, { minInsync }: ClusterPlan): readonly Setting[] {
  const all = [
    atLeast('min.insync.replicas', minInsync),
    atLeast('max.message.bytes', batchBytes),
    // A replica that missed records would lead, and what was acknowledged would be gone.
    exactly('unclean.leader.election.enable', 'false'),
  ]
  switch (retention.kind) {
    case 'until-read':
      // What was read is deleted below the watermark, but only whole segments free their space.
      return [...all, exactly('cleanup.policy', 'delete'), ...kept(forever), advice('segment.ms', String(hour))]
    case 'age':
      return [...all, exactly('cleanup.policy', 'delete'), ...kept(String(retention.ms))]
    case 'table':
      return [
        ...all,
        exactly('cleanup.policy', 'compact'),
        advice('segment.ms', String(hour)),
        advice('min.cleanable.dirty.ratio', '0.1'),
        advice('delete.retention.ms', String(24 * hour)),
      ]
  }
}

/** At least as long, and however much it is. */
const kept = (ms: string): readonly Setting[] => [
  {
    name: 'retention.ms',
    value: ms,
    isEnough: (has) => has === forever || (ms !== forever && Number(has) >= Number(ms)),
  },
  exactly('retention.bytes', forever),
]

export function newTopic(spec: TopicSpec, plan: ClusterPlan): NewTopic {
  const { partitions, replication } = plan
  const configuration = new Map(settings(spec, plan).map(({ name, value }) => [name, value]))
  return { name: spec.name, partitions, replication, configuration }
}

/** What is wrong with a topic that exists: each with what mends it. `brokers` is for the commands. */
export function faults(
  spec: TopicSpec,
  plan: ClusterPlan,
  found: FoundTopic,
  configuration: ReadonlyMap<string, string>,
  brokers: string,
): readonly string[] {
  const topic = `the topic ${spec.name} of Kafka`
  const said: string[] = []
  if (found.partitions !== plan.partitions) {
    const mend =
      found.partitions < plan.partitions
        ? `add them: kafka-topics.sh --bootstrap-server ${brokers} --alter --topic ${spec.name} --partitions ${plan.partitions}, or set`
        : 'partitions cannot be taken away: set'
    said.push(
      `${topic} has ${found.partitions} partitions, not ${plan.partitions}; ${mend} the number of partitions to ${found.partitions}`,
    )
  }
  if (found.replicas < plan.replication) {
    said.push(
      `${topic} has ${found.replicas} replicas, not ${plan.replication}; add them with kafka-reassign-partitions.sh, ` +
        `or set the replication to ${found.replicas}`,
    )
  }
  for (const { name, value, isEnough } of settings(spec, plan)) {
    const has = configuration.get(name)
    if (!isEnough || has === undefined || isEnough(has)) continue
    said.push(
      `${topic} has ${name}=${has}, not ${value}; mend it: kafka-configs.sh --bootstrap-server ${brokers} --alter ` +
        `--entity-type topics --entity-name ${spec.name} --add-config ${name}=${value}`,
    )
  }
  return said
}

/** How an operator creates a topic that we may not create. */
export function createCommand({ name, partitions, replication, configuration }: NewTopic, brokers: string): string {
  const configs = Array.from(configuration, ([key, value]) => ` --config ${key}=${value}`).join('')
  return `kafka-topics.sh --bootstrap-server ${brokers} --create --topic ${name} --partitions ${partitions} --replication-factor ${replication}${configs}`
}

export const misconfigured = (said: readonly string[], cause?: unknown): SallyportError =>
  new SallyportError('CONFIG_INVALID', said.join('\n'), { cause })

export function groupRefused(
  { group, topics }: { readonly group: string; readonly topics: readonly string[] },
  cause: unknown,
): SallyportError {
  const names = topics.map((topic) => ` --topic ${topic}`).join('')
  const said = `Kafka does not let us consume ${topics.join(', ')} with the group ${group} (${messageOf(cause)}); allow READ on all of them: kafka-acls.sh --add --operation Read --group ${group}${names} --allow-principal …`
  return misconfigured([said], cause)
}
