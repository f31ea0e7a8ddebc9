import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectionSettings, redactor } from './connection-settings.ts'

test('what is given is passed on, and nothing else', () => {
  assert.deepEqual(connectionSettings({ brokers: ['k:9092', '[::1]:9093'] }), {
    clientId: 'sallyport',
    brokers: ['k:9092', '[::1]:9093'],
    ssl: false,
  })
  assert.deepEqual(
    connectionSettings({
      brokers: ['k:9092'],
      clientId: 'c',
      tls: { ca: 'CA', certificate: 'CERT', key: 'KEY', serverName: 'kafka' },
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
    }),
    {
      clientId: 'c',
      brokers: ['k:9092'],
      ssl: { ca: 'CA', cert: 'CERT', key: 'KEY', servername: 'kafka' },
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
    },
  )
})

test('what cannot work is refused', () => {
  const invalid = (message: RegExp) => ({ code: 'CONFIG_INVALID', message })
  assert.throws(() => connectionSettings({ brokers: [] }), invalid(/at least one, as host:port/))
  for (const broker of ['k', 'kafka://k:9092', 'k:', ':9092', 'k:port'])
    assert.throws(() => connectionSettings({ brokers: [broker] }), invalid(/must be host:port/), broker)
  assert.throws(
    () => connectionSettings({ brokers: ['k:1'], tls: { certificate: 'CERT' } }),
    invalid(/the certificate and its key/),
  )
})

test('the password is taken out of what others wrote', () => {
  const redact = redactor({ sasl: { mechanism: 'plain', username: 'u', password: 'p.s*' } })
  assert.equal(redact('p.s* and p.s*, not pps'), '[redacted] and [redacted], not pps')
  assert.equal(redactor({})('x'), 'x')
})
