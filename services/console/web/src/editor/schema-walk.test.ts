import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type JsonSchema, keysAt, meaningAt, valuesAt } from './schema-walk.ts'

const mode: JsonSchema = { enum: ['off', 'monitor'], description: 'what it does', default: 'off' }
const schema: JsonSchema = {
  type: 'object',
  properties: {
    applications: {
      type: 'array',
      items: { type: 'object', required: ['name'], properties: { owner: { type: 'string' }, name: { type: 'string' } } },
    },
    checks: { type: 'object', patternProperties: { '^[a-z]+$': { type: 'object', properties: { mode } } } },
    route: {
      anyOf: [
        { type: 'object', properties: { smarthost: {} } },
        { type: 'object', properties: { capture: { type: 'boolean' } } },
      ],
    },
    others: { type: 'object', additionalProperties: mode },
  },
}

test('keys are those of the place, without those that stand there, required ones first', () => {
  assert.deepEqual(
    keysAt(schema, ['applications', 0], []).map(({ key, isRequired }) => [key, isRequired]),
    [
      ['name', true],
      ['owner', false],
    ],
  )
  assert.deepEqual(
    keysAt(schema, ['applications', 3], ['name']).map(({ key }) => key),
    ['owner'],
  )
  assert.deepEqual(
    keysAt(schema, ['route'], []).map(({ key }) => key),
    ['smarthost', 'capture'],
  )
  assert.deepEqual(keysAt(schema, ['applications', 0, 'name'], []), [])
})

test('values are found through patterns, choices and further keys', () => {
  assert.deepEqual(valuesAt(schema, ['checks', 'domain', 'mode']), ['off', 'monitor'])
  assert.deepEqual(valuesAt(schema, ['others', 'anything']), ['off', 'monitor'])
  assert.deepEqual(valuesAt(schema, ['route', 'capture']), ['true', 'false'])
  assert.deepEqual(valuesAt(schema, ['checks', 'DOMAIN', 'mode']), [])
})

test('the meaning has the description, the choices and the default', () => {
  assert.equal(meaningAt(schema, ['checks', 'spam', 'mode']), 'what it does\nOne of: off, monitor.\nDefault: off.')
  assert.equal(meaningAt(schema, ['applications', 0, 'owner']), undefined)
})
