/** Every topic as the published contract describes it: what stands on it, who writes and who reads it. */
import { checkerGroup, groups, type topics } from '../topics.ts'
import type { RecordName } from './described-records.ts'

export interface Producer {
  readonly role: string
  readonly records: readonly RecordName[]
  /** Resolved when every in-sync replica has it (`acks=all`), else when the leader has it (`acks=1`). */
  readonly durable: boolean
}

export interface Reader {
  readonly role: string
  /** Null: a table, which every process reads from its start in a group of its own. */
  readonly group: string | null
}

export interface DescribedTopic {
  readonly description: string
  readonly producers: readonly Producer[]
  readonly readers: readonly Reader[]
}

const outbound: DescribedTopic = {
  description: 'Jobs to be sent now, one topic for each class. The destination and the message choose the partition.',
  producers: [{ role: 'delivery', records: ['job'], durable: true }],
  readers: [{ role: 'delivery', group: groups.send }],
}

const deferred: DescribedTopic = {
  description: 'Jobs that wait for their next attempt, one topic for each wait.',
  producers: [{ role: 'delivery', records: ['job'], durable: true }],
  readers: [{ role: 'delivery', group: groups.timer }],
}

export const describedTopics: Readonly<Record<keyof typeof topics, DescribedTopic>> = {
  received: {
    description:
      'Every message that is to be checked. Each check reads it in a group of its own, `check-<name of the check>`, and leaves messages alone whose `checks` do not name it. A record older than `budgetMs` and 5 s, by the time of the record, has nobody waiting for it: it is answered `unavailable` without work, unless `again` is set. A record with `again` is annotated with acks=all.',
    producers: [
      { role: 'ingress', records: ['received'], durable: false },
      { role: 'verdict', records: ['received'], durable: true },
    ],
    readers: [{ role: 'checker', group: checkerGroup('<name of the check>') }],
  },
  annotations: {
    description: 'All that is known about a message before its verdict. Its partition is the one that `annotateTo` names.',
    producers: [
      { role: 'checker', records: ['annotation'], durable: false },
      { role: 'ingress', records: ['opened'], durable: false },
      { role: 'ingress', records: ['undecided'], durable: true },
      { role: 'verdict', records: ['verdict'], durable: true },
    ],
    readers: [{ role: 'verdict', group: groups.verdict }],
  },
  decided: {
    description: 'Every accepted message: this record, durable, is the acceptance.',
    producers: [{ role: 'ingress, verdict, or delivery for its own notifications', records: ['decided'], durable: true }],
    readers: [{ role: 'delivery', group: groups.split }],
  },
  outboundUrgent: outbound,
  outboundNormal: outbound,
  outboundBulk: outbound,
  deferred1m: deferred,
  deferred5m: deferred,
  deferred15m: deferred,
  deferred1h: deferred,
  deferred4h: deferred,
  held: {
    description: 'The quarantine, a row for each message.',
    producers: [{ role: 'delivery', records: ['held'], durable: true }],
    readers: [{ role: 'delivery and console', group: null }],
  },
  commands: {
    description: 'What people do with held messages.',
    producers: [{ role: 'console, or delivery when a hold expires', records: ['command'], durable: true }],
    readers: [{ role: 'delivery', group: groups.split }],
  },
  orders: {
    description: 'Standing orders to delivery.',
    producers: [{ role: 'console', records: ['order'], durable: true }],
    readers: [{ role: 'delivery', group: null }],
  },
  events: {
    description: 'What happened to each message, without its content. Unique by message, kind, check or recipient, and attempt.',
    producers: [
      {
        role: 'every role',
        records: ['eventSettled', 'eventJudged', 'eventAnnotated', 'eventAttempted', 'eventHeld', 'eventBounced'],
        durable: true,
      },
    ],
    readers: [{ role: 'console', group: `${groups.console}-<generation of the records>` }],
  },
  policy: {
    description: 'The last 16 revisions of the policy, pointers to directories, and how much is logged.',
    producers: [{ role: 'console', records: ['policy', 'directory', 'logLevel'], durable: true }],
    readers: [{ role: 'every role', group: null }],
  },
  roles: {
    description: 'Which process runs which roles.',
    producers: [{ role: 'every process', records: ['process'], durable: false }],
    readers: [{ role: 'every process', group: null }],
  },
  traces: {
    description: 'Traces that every process exports whatever the share that is sampled; a row is deleted after a minute.',
    producers: [{ role: 'every process that traces', records: ['keptTrace'], durable: false }],
    readers: [{ role: 'every process that traces', group: null }],
  },
  audit: {
    description: 'The audit log: every change that was made through the console. A row is never changed.',
    producers: [{ role: 'console', records: ['audit'], durable: true }],
    readers: [{ role: 'console', group: null }],
  },
  owners: {
    description: 'What owners of applications are still to be told, and what they were told.',
    producers: [{ role: 'console', records: ['ownerFailure', 'ownerRefusal', 'ownerTold'], durable: true }],
    readers: [{ role: 'console', group: null }],
  },
  dead: {
    description: 'Records that could not be parsed. An operator looks at them.',
    producers: [{ role: 'every role', records: ['dead'], durable: true }],
    readers: [],
  },
}
