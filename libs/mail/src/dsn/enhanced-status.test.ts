import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { enhancedStatus } from './enhanced-status.ts'

const rows: readonly (readonly [string, string])[] = [
  ['550 5.1.1 no such user', '5.1.1'],
  ['550-5.7.26 first\r\n550 5.7.26 second', '5.7.26'],
  ['  451 4.7.1 greylisted', '4.7.1'],
  ['250 2.1.5 fine', '2.1.5'],
  ['5.2.2 mailbox full', '5.2.2'],
  ['550 5.01.001 padded', '5.1.1'],
  ['550 4.1.1 another class', '5.0.0'],
  ['550 no such user (5.1.1)', '5.0.0'],
  ['550 5.1.1', '5.1.1'],
  ['550 5.1.1.2 what', '5.0.0'],
  ['550', '5.0.0'],
  ['550 ', '5.0.0'],
  ['421 going down', '4.3.2'],
  ['451 later', '4.0.0'],
  ['530 authenticate first', '5.7.0'],
  ['554 refused', '5.0.0'],
  ['5500 no code', '4.0.0'],
  ['connect ETIMEDOUT', '4.0.0'],
  ['', '4.0.0'],
]

for (const [reply, status] of rows) test(JSON.stringify(reply), () => assert.equal(enhancedStatus(reply), status))

test('always well formed, and of the class of the basic code', () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), fc.string(), (code, text) => {
      const status = enhancedStatus(`${code} ${text}`)
      assert.match(status, /^[245]\.\d{1,3}\.\d{1,3}$/)
      if (/^[245]/.test(String(code))) assert.equal(status[0], String(code)[0])
    }),
  )
})
