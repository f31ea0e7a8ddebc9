import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settingsFrom } from './command-line.ts'
import { roleNames } from './role-names.ts'
import { missingServers, needsOf } from './role-needs.ts'

const all = {
  kafka: { brokers: ['127.0.0.1:9092'] },
  redis: { address: '127.0.0.1:6379' },
  contentStore: { endpoint: 'http://127.0.0.1:7070', bucket: 'b', accessKeyId: 'a', secret: 's3' },
  gatewayKey: { secret: 'gateway-key' },
}
const only = (...names: (keyof typeof all)[]): Record<string, unknown> => Object.fromEntries(names.map((name) => [name, all[name]]))
const paths = (tree: Record<string, unknown>): string[] => missingServers(tree).map(({ path }) => path)

test('only ingress, verdict and console hold the key, and only who reads content the secret of the object store', () => {
  const having = (need: 'key' | 'content'): string[] => roleNames.filter((name) => needsOf([name])[need])
  assert.deepEqual(having('key'), ['console', 'verdict', 'ingress'])
  assert.deepEqual(having('content'), ['console', 'spam-scoring', 'delivery', 'ingress'])
  assert.deepEqual(needsOf(['throttle', 'spam-scoring']), { limiter: true, content: true })
})

test('one machine needs none of the servers, and a cluster those of the roles here', () => {
  assert.deepEqual(paths({}), [])
  assert.deepEqual(paths(all), [])
  assert.deepEqual(paths(only('kafka')), ['redis', 'contentStore', 'gatewayKey'])
  assert.deepEqual(paths({ ...only('kafka'), roles: ['domain-check', 'address-check'] }), [])
  assert.deepEqual(paths({ ...only('kafka'), roles: ['console'] }), ['redis', 'contentStore', 'gatewayKey'])
  assert.deepEqual(paths({ ...only('kafka'), roles: ['spam-scoring'] }), ['contentStore'])
  assert.deepEqual(paths({ ...only('kafka'), roles: ['throttle'] }), ['redis'])
  assert.deepEqual(paths({ ...only('kafka', 'redis'), roles: ['verdict'] }), ['gatewayKey'])
  assert.deepEqual(paths({ ...all, roles: ['domain-check'] }), [], 'one file for all processes')
})

test('servers without kafka are refused, since they would not be used', () => {
  assert.deepEqual(paths(only('redis', 'contentStore', 'gatewayKey')), ['redis', 'contentStore', 'gatewayKey'])
})

test('what is missing is told together with every other fault, and with what to write', () => {
  const words = ['--set', 'kafka.brokers=k:9092', '--set', 'kafka.replicas=3', '--roles', 'verdict', '--set', 'redis.adress=x']
  assert.throws(
    () => settingsFrom(words, {}),
    (error: Error) => {
      for (const said of [
        'kafka.replicas: is not a setting',
        'redis.adress: is not a setting',
        'redis.address: is missing (host:port of the primary)',
        'gatewayKey: is missing: with kafka, verdict cannot run without (add gatewayKey: { secret: NAME })',
      ])
        assert.ok(error.message.includes(said), `${said}\n${error.message}`)
      return true
    },
  )
})

test('every setting of the servers can come from the environment', () => {
  const { kafka, redis, contentStore, gatewayKey } = settingsFrom([], {
    SALLYPORT_KAFKA_BROKERS: 'a:9092,b:9092',
    SALLYPORT_KAFKA_SASL_USERNAME: 'gateway',
    SALLYPORT_KAFKA_SASL_SECRET: 'kafka',
    SALLYPORT_KAFKA_TLS_CA: '/ca.pem',
    SALLYPORT_REDIS_ADDRESS: 'r:6379',
    SALLYPORT_CONTENT_STORE_ENDPOINT: 'https://s3.example',
    SALLYPORT_CONTENT_STORE_BUCKET: 'mail',
    SALLYPORT_CONTENT_STORE_ACCESS_KEY_ID: 'id',
    SALLYPORT_CONTENT_STORE_SECRET: 's3',
    SALLYPORT_GATEWAY_KEY_SECRET: 'gateway-key',
  })
  assert.deepEqual(kafka, {
    brokers: ['a:9092', 'b:9092'],
    replication: 3,
    tls: { ca: '/ca.pem' },
    sasl: { mechanism: 'scram-sha-512', username: 'gateway', secret: 'kafka' },
  })
  assert.deepEqual(redis, { address: 'r:6379', database: 0, prefix: 'sallyport:' })
  assert.equal(contentStore?.region, 'us-east-1')
  assert.equal(gatewayKey?.secret, 'gateway-key')
})
