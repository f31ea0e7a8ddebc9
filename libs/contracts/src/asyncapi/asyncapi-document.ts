/** The published contract: an AsyncAPI 3.0 document of every topic and record, made from the schemas that the roles use. */
import { type Retention, topics } from '../topics.ts'
import { type DescribedRecord, describedRecords, type RecordName } from './described-records.ts'
import { type DescribedTopic, describedTopics } from './described-topics.ts'
import { frame, frameContentType, frameText } from './frame.ts'
import { namedSchemas } from './named-schemas.ts'

type TopicName = keyof typeof topics

const topicNames = Object.keys(topics).filter((name): name is TopicName => name in topics)
const bindingVersion = '0.5.0'

const description = `What the roles of Sallyport say to each other, for checkers and other programs in any language.

${frameText}

Where a topic carries several records, \`kind\` says which one it is. Keys are UTF-8 text. Records of one key stand on one partition, in order. The header \`traceparent\` (W3C Trace Context) is UTF-8
text as well: carry it from \`received\` to the annotation.

A checker reads \`${topics.received.name}\` in the group \`check-<its name>\` and sends \`annotation\` to the topic and partition that
the message names. Whatever it cannot judge it answers with \`unavailable\`: the policy says what that stands for. Records that are
marked \`x-signed\` carry an HMAC of the gateway's key, which checkers do not have: a role drops one whose HMAC does not hold.

A topic that is kept \`until-read\` never expires by time: the gateway deletes what every group in \`x-retention.readers\` has
committed. A table is compacted to the last record of each key.`

/** The document as an object, ready for JSON. */
export function asyncapiDocument() {
  return {
    asyncapi: '3.0.0',
    id: 'urn:sallyport:contracts',
    info: {
      title: 'Sallyport',
      version: '1.0.0',
      description,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: frameContentType,
    servers: {
      kafka: { host: 'localhost:9092', protocol: 'kafka', description: 'the bootstrap servers of the bus, as configured' },
      redis: { host: 'localhost:6379', protocol: 'redis', description: 'the reply channel, as configured' },
    },
    channels: { ...Object.fromEntries(topicNames.map((name) => [name, channel(name)])), reply: replyChannel },
    operations: { ...Object.fromEntries(topicNames.flatMap(operations)), ...replyOperations },
    components: {
      schemas: namedSchemas(),
      messages: Object.fromEntries(
        Object.entries<DescribedRecord>(describedRecords).map(([name, record]) => [name, message(name, record)]),
      ),
    },
    'x-frame': frame,
  }
}

/** The text of `docs/asyncapi.json`. */
export const asyncapiText = (): string => `${JSON.stringify(asyncapiDocument(), null, 2)}\n`

function channel(name: TopicName) {
  const topic = topics[name]
  const described = describedTopics[name]
  return {
    address: topic.name,
    description: described.description,
    servers: [{ $ref: '#/servers/kafka' }],
    messages: messageReferences(recordsOf(described)),
    bindings: { kafka: { topic: topic.name, topicConfiguration: configuration(topic.retention), bindingVersion } },
    'x-retention': topic.retention,
  }
}

function configuration(retention: Retention) {
  switch (retention.kind) {
    case 'until-read':
      return { 'cleanup.policy': ['delete'], 'retention.ms': -1 }
    case 'age':
      return { 'cleanup.policy': ['delete'], 'retention.ms': retention.ms }
    case 'table':
      return { 'cleanup.policy': ['compact'] }
  }
}

const recordsOf = ({ producers }: DescribedTopic): readonly RecordName[] => [
  ...new Set(producers.flatMap(({ records }) => records)),
]

const messageReferences = (records: readonly RecordName[]) =>
  Object.fromEntries(records.map((record) => [record, { $ref: `#/components/messages/${record}` }]))

function operations(name: TopicName): [string, object][] {
  const { producers, readers } = describedTopics[name]
  const inChannel = (record: RecordName) => ({ $ref: `#/channels/${name}/messages/${record}` })
  const all = recordsOf(describedTopics[name]).map(inChannel)
  return [
    ...producers.map(({ role, records, durable }, index): [string, object] => [
      `send.${name}${producers.length > 1 ? `.${index + 1}` : ''}`,
      {
        action: 'send',
        channel: { $ref: `#/channels/${name}` },
        summary: `${role} writes ${records.join(', ')}`,
        messages: records.map(inChannel),
        'x-role': role,
        'x-acks': durable ? 'all' : '1',
      },
    ]),
    ...readers.map(({ role, group }, index): [string, object] => [
      `receive.${name}${readers.length > 1 ? `.${index + 1}` : ''}`,
      {
        action: 'receive',
        channel: { $ref: `#/channels/${name}` },
        summary: `${role} reads ${topics[name].name}${group === null ? ' as a table, from its start' : ''}`,
        messages: all,
        ...(group === null ? {} : { bindings: { kafka: { groupId: groupSchema(group), bindingVersion } } }),
        'x-role': role,
      },
    ]),
  ]
}

/** A group whose name has a part in angle brackets is one of many. */
const groupSchema = (group: string) =>
  group.includes('<')
    ? { type: 'string', pattern: `^${group.replace(/<.*>/, '[a-z0-9-]+')}$`, description: group }
    : { type: 'string', const: group }

function message(name: string, { summary, key, content, isSigned = false, isTraced = false }: DescribedRecord) {
  return {
    name,
    title: name,
    summary,
    contentType: frameContentType,
    ...(isTraced ? { headers: tracedHeaders } : {}),
    payload: { $ref: `#/components/schemas/${name}` },
    bindings: { kafka: { key: { type: 'string', description: key }, bindingVersion } },
    'x-content': content ?? null,
    'x-signed': isSigned ? signed : false,
  }
}

const tracedHeaders = {
  type: 'object',
  properties: {
    traceparent: {
      type: 'string',
      pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}',
      description: 'W3C Trace Context',
    },
  },
}

const signed = {
  algorithm: 'HMAC-SHA-256 (RFC 2104), base64url without padding, in the field hmac',
  covers: 'the metadata without the field hmac, as JSON with its fields in their order and without white space',
}

const replyChannel = {
  address: '{prefix}reply:{channel}',
  description: 'Redis pub/sub: a channel with a random name for each ingress process, which `replyTo` of `opened` names.',
  servers: [{ $ref: '#/servers/redis' }],
  parameters: {
    prefix: { default: 'sallyport:', description: 'what gateways that share a Redis differ in' },
    channel: { description: 'replyTo.channel' },
  },
  messages: messageReferences(['reply']),
}

const replyMessages = [{ $ref: '#/channels/reply/messages/reply' }]
const replyOperations = {
  'send.reply': { action: 'send', channel: { $ref: '#/channels/reply' }, messages: replyMessages, 'x-role': 'verdict' },
  'receive.reply': { action: 'receive', channel: { $ref: '#/channels/reply' }, messages: replyMessages, 'x-role': 'ingress' },
}
