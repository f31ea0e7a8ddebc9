/** TLS, SASL PLAIN and SCRAM, client certificates, and a cluster that forbids things: what works, and what is said where it does not. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Bus, type KafkaSasl, type KafkaServer, openKafkaBus } from '@sallyport/bus'
import { SallyportError, type TopicSpec, topics } from '@sallyport/contracts'
import { eventually, freePort, recordingLogger, testCertificates } from '@sallyport/testkit'
import { Kafka as KafkaJs, logLevel } from 'kafkajs'
import { type Kafka, startKafka } from '../../infra/kafka.ts'
import { kafkaMissing } from '../../infra/kafka-libraries.ts'

const password = 'very-secret-7f3a'
const { ca, server, client, stranger } = testCertificates()
const spec = (name: string): TopicSpec => ({ name, retention: { kind: 'age', ms: 86_400_000 } })

/** Of java.util.Properties: one line. */
const oneLine = (text: string): string => text.trim().replaceAll('\n', '\\n')
const login = (module: string, more = ''): string => `org.apache.kafka.common.security.${module} required${more};`

suite('security of the bus on Kafka', { skip: kafkaMissing }, () => {
  let kafka: Kafka
  let secure: string
  let mutual: string
  const { log, lines } = recordingLogger()

  before(async () => {
    const [securePort, mutualPort] = [await freePort(), await freePort()]
    secure = `127.0.0.1:${securePort}`
    mutual = `127.0.0.1:${mutualPort}`
    const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((of) => ['--add-scram', `${of}=[name=owner,password=${password}]`])
    kafka = await startKafka({
      listeners: [`SECURE://${secure}`, `MUTUAL://${mutual}`],
      format: scram,
      properties: {
        'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL,MUTUAL:SSL',
        'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
        'listener.name.secure.plain.sasl.jaas.config': login(
          'plain.PlainLoginModule',
          ` user_owner="${password}" user_guest="${password}"`,
        ),
        'listener.name.secure.scram-sha-256.sasl.jaas.config': login('scram.ScramLoginModule'),
        'listener.name.secure.scram-sha-512.sasl.jaas.config': login('scram.ScramLoginModule'),
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.key': oneLine(server.key),
        'ssl.keystore.certificate.chain': oneLine(server.cert),
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.certificates': oneLine(ca),
        'listener.name.mutual.ssl.client.auth': 'required',
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS;User:owner;User:CN=billing.example.com',
      },
    })
  })
  after(() => kafka.remove())

  const sasl = (mechanism: KafkaSasl['mechanism'], username = 'owner', secret = password): KafkaSasl => ({
    mechanism,
    username,
    password: secret,
  })
  const open = (server: KafkaServer, topic: string): Promise<Bus> =>
    openKafkaBus({ kafka: server, topics: [spec(topic), topics.dead], partitions: 2, replication: 1, instance: 'security', log })

  async function carries(bus: Bus, topic: string): Promise<void> {
    const seen: string[] = []
    await bus.consume({ group: `${topic}.group`, topics: [topic], handle: ({ key }) => void seen.push(key) })
    await bus.publish({ topic, key: 'k', value: null }, { durable: true })
    await eventually(() => seen.length === 1, { deadlineMs: 30_000, what: 'the record' })
  }

  for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
    test(`TLS and SASL ${mechanism}`, async () => {
      const topic = `of-${mechanism}`
      const bus = await open({ brokers: [secure], tls: { ca }, sasl: sasl(mechanism) }, topic)
      try {
        await carries(bus, topic)
      } finally {
        await bus.close()
      }
    })
  }

  test('a client certificate', async () => {
    const bus = await open({ brokers: [mutual], tls: { ca, certificate: client.cert, key: client.key } }, 'of-certificate')
    try {
      await carries(bus, 'of-certificate')
    } finally {
      await bus.close()
    }
  })

  const refusals: readonly (readonly [string, () => KafkaServer])[] = [
    ['a wrong password, PLAIN', () => ({ brokers: [secure], tls: { ca }, sasl: sasl('plain', 'owner', `${password}-not`) })],
    [
      'a wrong password, SCRAM',
      () => ({ brokers: [secure], tls: { ca }, sasl: sasl('scram-sha-512', 'owner', `${password}-not`) }),
    ],
    ['an unknown certificate authority', () => ({ brokers: [secure], tls: true, sasl: sasl('plain') })],
    ['a certificate of somebody else', () => ({ brokers: [mutual], tls: { ca, certificate: stranger.cert, key: stranger.key } })],
  ]
  for (const [what, server] of refusals) {
    test(`${what}: refused, with what to look at`, async () => {
      await assert.rejects(open(server(), 'refused'), (error) => {
        assert.ok(error instanceof SallyportError)
        assert.equal(error.code, 'CONFIG_INVALID', error.message)
        assert.match(error.message, /does not let us in: .*look at tls and sasl/)
        assert.ok(!`${error.message} ${error.stack} ${JSON.stringify(error)}`.includes(password))
        return true
      })
    })
  }

  test('what the cluster forbids is named, with what to do: creating, joining, publishing', async () => {
    const guest: KafkaServer = { brokers: [secure], tls: { ca }, sasl: sasl('plain', 'guest') }
    const topic = 'guarded'
    await assert.rejects(open(guest, topic), {
      code: 'CONFIG_INVALID',
      message:
        /does not let us create topics .*kafka-acls\.sh[\s\S]*kafka-topics\.sh .*--create --topic guarded --partitions 2 .*min\.insync\.replicas=1/,
    })
    await (await open({ brokers: kafka.bootstrap }, topic)).close()
    const admin = new KafkaJs({ brokers: [...kafka.bootstrap], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    const allow = (operation: number) => ({
      resourceType: 2,
      resourceName: '*',
      resourcePatternType: 3,
      principal: 'User:guest',
      host: '*',
      operation,
      permissionType: 3,
    })
    const [read, describe, describeConfigs] = [3, 8, 10]
    await admin.createAcls({ acl: [allow(describe), allow(read)] })
    await eventually(
      () =>
        open(guest, topic).then(
          () => false,
          ({ message }: Error) => /does not let us read how its topics are configured .*DescribeConfigs/.test(message),
        ),
      { deadlineMs: 30_000, what: 'the configuration is guarded' },
    )
    await admin.createAcls({ acl: [allow(describeConfigs)] })
    await admin.disconnect()
    const bus = await eventually(() => open(guest, topic).catch(() => undefined), {
      deadlineMs: 30_000,
      what: 'a bus of the guest',
    })
    try {
      const refused = {
        code: 'CONFIG_INVALID',
        message: /does not let us .*the group of-guest .*kafka-acls\.sh .*--group of-guest/,
      }
      await assert.rejects(bus.consume({ group: 'of-guest', topics: [topic], handle: () => {} }), refused)
      await assert.rejects(bus.publish({ topic, key: 'k', value: null }, { durable: true }), {
        message: /did not confirm a record of guarded: allow WRITE .*authoriz/i,
      })
    } finally {
      await bus.close()
    }
  })

  test('a topic that is otherwise refuses the start, with the command that mends it', async () => {
    const name = 'otherwise'
    await (await open({ brokers: kafka.bootstrap }, name)).close()
    const unread: TopicSpec = { name, retention: { kind: 'until-read', readers: ['g'] } }
    const start = (partitions: number): Promise<Bus> =>
      openKafkaBus({ kafka: { brokers: kafka.bootstrap }, topics: [unread], partitions, replication: 1, instance: 'security', log })
    await assert.rejects(start(2), {
      code: 'CONFIG_INVALID',
      message:
        /otherwise of Kafka has retention\.ms=86400000, not -1; mend it: kafka-configs\.sh .*--entity-name otherwise --add-config retention\.ms=-1/,
    })
    await assert.rejects(start(3), { code: 'CONFIG_INVALID', message: /otherwise of Kafka has 2 partitions, not 3/ })
    await assert.rejects(
      openKafkaBus({ kafka: { brokers: kafka.bootstrap }, topics: [spec('too-many')], partitions: 2, instance: 'security', log }),
      { code: 'CONFIG_INVALID', message: /fewer brokers than the 3 replicas/ },
    )
  })

  test('no log line holds the password', () => {
    assert.ok(lines.length > 0)
    assert.ok(!JSON.stringify(lines).includes(password))
  })
})
