import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckSettings, Limit } from './check-settings-schema.ts'
import { limitText, throttleLimits } from './throttle-limits.ts'

const settings = (...limits: Limit[]): CheckSettings => ({ mode: 'enforce', limits })

test('limits that differ in the burst alone are one, with the smallest', () => {
  const limit = { per: 'application', count: 'messages', rate: '1/m' } as const
  const limits = throttleLimits(
    settings({ ...limit, burst: 9 }, { ...limit, burst: 3 }, { ...limit, rate: '5/m', burst: 4 }, { ...limit, burst: 7 }),
  )
  assert.deepEqual(
    limits.map(({ rate, burst }) => [rate, burst]),
    [
      ['1/m', 3],
      ['5/m', 4],
    ],
  )
})

test('a limit is called by its shape and whose bucket it is', () => {
  const owners = {
    application: 'billing',
    sender: 'a@example.com',
    'sender-domain': 'example.com',
    'recipient-domain': 'b.example',
  }
  const texts = throttleLimits(
    settings(
      { per: 'application', count: 'messages', rate: '1/s', burst: 2 },
      { per: ['recipient-domain', 'sender', 'application'], count: 'bytes', rate: '5000/d', burst: 9 },
    ),
  ).map((limit) => limitText(limit, owners))
  assert.deepEqual(texts, [
    '1/s messages per application billing, burst 2',
    '5000/d bytes per sender a@example.com and recipient-domain b.example, burst 9',
  ])
})

test('limits are read once for each revision', () => {
  const given = settings({ per: 'application', count: 'messages', rate: '1/s', burst: 2 })
  assert.equal(throttleLimits(given), throttleLimits(given))
  assert.deepEqual(throttleLimits({ mode: 'enforce' }), [])
})
