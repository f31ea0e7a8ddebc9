import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from 'typebox'
import { unknownVariables } from './unknown-variables.ts'

const schema = Type.Object({
  data: Type.String(),
  smtp: Type.Object({ listen: Type.Array(Type.String()), maxConnections: Type.Integer() }),
})

const told: readonly (readonly [name: string, value: string, hint: string])[] = [
  ['SALLYPORT_SMPT_LISTEN', ':25', 'did you mean SALLYPORT_SMTP_LISTEN?'],
  ['SALLYPORT_SMTP_MAXCONNECTIONS', '5', 'did you mean SALLYPORT_SMTP_MAX_CONNECTIONS?'],
  ['SALLYPORT_DAAT', '/var', 'did you mean SALLYPORT_DATA?'],
  ['SALLYPORT_ELSEWHERE', '', 'docs/configuration.md has every setting'],
  // What a Service gives is an address.
  ['SALLYPORT_SMTP_PORT', '25', 'docs/configuration.md has every setting'],
  ['SALLYPORT_', 'x', 'docs/configuration.md has every setting'],
]

test('a variable that is no setting is told, with the one that may be meant', () => {
  for (const [path, value, hint] of told) {
    const [fault, ...more] = unknownVariables(schema, { [path]: value })
    assert.deepEqual([fault, more.length], [{ path, message: 'is not a setting, and is ignored', hint }, 0])
  }
})

test('all are told at once', () => {
  assert.equal(unknownVariables(schema, Object.fromEntries(told)).length, told.length)
})

test('settings, what others read, and what Kubernetes and Docker say of the services around are not told', () => {
  const silent = {
    PATH: '/bin',
    SALLYPORT: 'x',
    MY_SALLYPORT_DATA: 'x',
    SALLYPORT_DATA: '/var',
    SALLYPORT_SMTP_MAX_CONNECTIONS: '5',
    SALLYPORT_GONE: undefined,
    SALLYPORT_CONFIG: 'sallyport.yaml',
    SALLYPORT_URL: 'http://127.0.0.1:8080',
    SALLYPORT_TOKEN: 'x',
    SALLYPORT_SMTP: '127.0.0.1:2525',
    SALLYPORT_INFRA_CACHE: '/var/cache',
    SALLYPORT_PORT: 'tcp://10.96.0.7:25',
    SALLYPORT_SERVICE_HOST: '10.96.0.7',
    SALLYPORT_SMTP_SERVICE_HOST: '10.96.0.7',
    SALLYPORT_SMTP_SERVICE_PORT: '25',
    SALLYPORT_SMTP_SERVICE_PORT_SMTP_TLS: '465',
    SALLYPORT_SMTP_PORT: 'tcp://10.96.0.7:25',
    SALLYPORT_SMTP_PORT_25_TCP: 'tcp://10.96.0.7:25',
    SALLYPORT_SMTP_PORT_25_TCP_PROTO: 'tcp',
    SALLYPORT_SMTP_PORT_25_TCP_PORT: '25',
    SALLYPORT_SMTP_PORT_25_TCP_ADDR: '10.96.0.7',
  }
  assert.deepEqual(unknownVariables(schema, silent), [])
})
