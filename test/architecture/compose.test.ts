/** The servers that people start with Docker are those that the tests run: the same versions, and a configuration that fits them. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { kafkaVersion } from '../infra/kafka-libraries.ts'
import { versitygw } from '../infra/s3.ts'

const folder = join(import.meta.dirname, '../../deploy/compose')
const compose = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8'))
const gateway = parse(readFileSync(join(folder, 'sallyport.yaml'), 'utf8'))
const published = (service: string): string => compose.services[service].ports[0].split(':').slice(0, 2).join(':')

test('compose.yaml names the versions that the tests run', () => {
  assert.equal(compose.services.kafka.image, `apache/kafka:${kafkaVersion}`)
  assert.match(compose.services.redis.image, /^redis:7\b/)
  assert.equal(compose.services.s3.image.split(':')[1], versitygw.version)
})

test('sallyport.yaml points at what compose.yaml publishes, on loopback', () => {
  assert.deepEqual(gateway.kafka.brokers, [published('kafka')])
  assert.equal(gateway.redis.address, published('redis'))
  assert.equal(gateway.contentStore.endpoint, `http://${published('s3')}`)
  assert.equal(gateway.contentStore.accessKeyId, compose.services.s3.environment.ROOT_ACCESS_KEY)
  for (const { ports = [] } of Object.values<{ ports?: string[] }>(compose.services))
    for (const port of ports) assert.ok(port.startsWith('127.0.0.1:'))
})

test('the secrets are there and fit', () => {
  for (const name of [gateway.contentStore.secret, gateway.gatewayKey.secret]) assert.ok(existsSync(join(folder, 'secrets', name)))
  const secret = readFileSync(join(folder, 'secrets', gateway.contentStore.secret), 'utf8').trim()
  assert.equal(secret, compose.services.s3.environment.ROOT_SECRET_KEY)
})
