import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unknownName } from './unknown-name.ts'

test('a name that nothing has is told with the one that may be meant, or with those that there are', () => {
  const many = Array.from({ length: 12 }, (_, index) => `application-${index}`)
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['biling', ['crm', 'billing'], 'there is no application "biling": did you mean "billing"?'],
    ['nobody', ['crm', 'billing'], 'there is no application "nobody": known are crm, billing'],
    ['nobody', [], 'there is no application "nobody": known are none'],
    ['nobody', many, `there is no application "nobody": known are ${many.slice(0, 10).join(', ')} and more`],
  ]
  for (const [name, names, message] of cases) {
    const { code, message: told } = unknownName('application', name, names)
    assert.deepEqual([code, told], ['NOT_FOUND', message])
  }
})
