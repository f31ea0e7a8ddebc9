import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from 'typebox'
import { environmentName, readConfiguration, redacted } from './configuration.ts'

const schema = Type.Object(
  {
    data: Type.String({ default: './data', description: 'the data folder' }),
    smtp: Type.Object(
      {
        listen: Type.Array(Type.String(), { default: ['127.0.0.1:2525'], description: 'a list of host:port' }),
        maxConnections: Type.Integer({ default: 1000, minimum: 1, description: 'a whole number from 1 on' }),
      },
      { default: {}, additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)

test('file < environment < flag, and defaults fill the rest', () => {
  const cases = [
    { sources: {}, data: './data', max: 1000 },
    { sources: { file: 'data: /file' }, data: '/file', max: 1000 },
    { sources: { file: 'data: /file', environment: { SALLYPORT_DATA: '/env' } }, data: '/env', max: 1000 },
    {
      sources: { environment: { SALLYPORT_DATA: '/env', SALLYPORT_SMTP_MAX_CONNECTIONS: '5' }, assignments: ['data=/flag'] },
      data: '/flag',
      max: 5,
    },
  ]
  for (const { sources, data, max } of cases) {
    const result = readConfiguration(schema, sources)
    assert.ok(result.ok)
    assert.equal(result.settings.data, data)
    assert.equal(result.settings.smtp.maxConnections, max)
  }
})

test('lists may be comma-separated in a flag or the environment', () => {
  const result = readConfiguration(schema, { assignments: ['smtp.listen=127.0.0.1:25, [::1]:25'] })
  assert.ok(result.ok)
  assert.deepEqual(result.settings.smtp.listen, ['127.0.0.1:25', '[::1]:25'])
})

test('every fault is reported at once, with its path and a hint', () => {
  const result = readConfiguration(schema, {
    file: 'dataa: x\ndata: 5\nsmtp: { maxConnections: 0, port: 25 }',
    assignments: ['nothing', 'smtp.tsl=1'],
  })
  assert.ok(!result.ok)
  assert.deepEqual(
    result.faults.map(({ path, message }) => `${path}: ${message}`),
    [
      'nothing: has no value',
      'dataa: is not a setting',
      'smtp.port: is not a setting',
      'smtp.tsl: is not a setting',
      'data: must be string',
      'smtp.maxConnections: must be >= 1',
    ],
  )
  assert.ok(result.faults.every(({ hint }) => hint.length > 0))
  assert.match(result.faults[1]?.hint ?? '', /^did you mean data\? known here: data, smtp$/)
})

test('what is unknown within a list is named with its place', () => {
  const item = Type.Object({ address: Type.String() }, { additionalProperties: false })
  const listed = Type.Object({ engines: Type.Array(item, { default: [] }) }, { additionalProperties: false })
  const result = readConfiguration(listed, { file: 'engines: [{ address: a }, { address: 1, adress: b }]' })
  assert.ok(!result.ok)
  assert.deepEqual(
    result.faults.map(({ path, message }) => `${path}: ${message}`),
    ['engines.1.adress: is not a setting', 'engines.1.address: must be string'],
  )
})

test('what is missing is named with its own path, and a wrong word with every choice', () => {
  const tls = Type.Object({
    certificate: Type.String({ description: 'PEM file with the chain' }),
    key: Type.String({ description: 'PEM file with the key' }),
  })
  const wanted = Type.Object({
    tls: Type.Optional(tls),
    roles: Type.Array(Type.Enum(['ingress', 'verdict']), { description: 'a list of roles', default: [] }),
    level: Type.Union([Type.Literal('warn'), Type.Literal('info')], { description: 'how much is told', default: 'info' }),
    listen: Type.Union([Type.String({ minLength: 3 }), Type.Array(Type.String())], { description: 'host:port', default: [] }),
  })
  const result = readConfiguration(wanted, { file: 'tls: { }\nroles: [ingress, ingres]\nlevel: 5', assignments: ['listen=25'] })
  assert.ok(!result.ok)
  assert.deepEqual(result.faults.map(({ path, message, hint }) => `${path}: ${message} (${hint})`).sort(), [
    'level: must be one of warn, info (how much is told)',
    'listen: must not have fewer than 3 characters (host:port)',
    'roles.1: must be one of ingress, verdict (a list of roles)',
    'tls.certificate: is missing (PEM file with the chain)',
    'tls.key: is missing (PEM file with the key)',
  ])
})

test('a file that is not YAML or not a mapping is a fault, not an exception', () => {
  for (const file of ['a: [', '- 1', '"text"']) assert.equal(readConfiguration(schema, { file }).ok, false)
})

test('environment names follow the path', () => {
  assert.equal(environmentName('console.token'), 'SALLYPORT_CONSOLE_TOKEN')
  assert.equal(environmentName('smtp.maxConnections'), 'SALLYPORT_SMTP_MAX_CONNECTIONS')
})

test('secrets are redacted at every depth', () => {
  assert.deepEqual(redacted({ console: { token: 's3cret', listen: 'x' }, list: [{ password: 'p' }] }), {
    console: { token: '[redacted]', listen: 'x' },
    list: [{ password: '[redacted]' }],
  })
})
