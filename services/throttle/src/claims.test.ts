import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CheckSettings, type Limit, throttleLimits } from '@sallyport/policy'
import { claimsOf } from './claims.ts'

const settings = (...limits: Limit[]): CheckSettings => ({ mode: 'enforce', limits })
const message = {
  application: 'billing',
  sender: 'Invoices@Billing.Example.com',
  recipients: ['a@one.example', 'b@mail.two.co.uk', 'c@two.co.uk'].map((address, index) => ({ index, address })),
}
const claimed = (limit: Limit, mode: 'enforce' | 'monitor' = 'enforce') =>
  claimsOf(message, { contentBytes: 5_000 }, throttleLimits(settings(limit)), mode).map(
    ({ name, cost, intervalMs, burst, text }) => ({
      name,
      cost,
      intervalMs,
      burst,
      text,
    }),
  )

test('a claim names mode, count, rate and owner, and says how long a unit takes', () => {
  assert.deepEqual(claimed({ per: 'sender-domain', count: 'recipients', rate: '1000/h', burst: 500 }), [
    {
      name: 'enforce recipients 1000/h sender-domain=billing.example.com',
      cost: 3,
      intervalMs: 3_600,
      burst: 500,
      text: '1000/h recipients per sender-domain billing.example.com, burst 500',
    },
  ])
})

for (const [rate, intervalMs] of [
  ['7/s', 1000 / 7],
  ['60/m', 1_000],
  ['1000000/d', 86.4],
] as const) {
  test(`at ${rate} a unit takes ${intervalMs} ms`, () => {
    assert.equal(claimed({ per: 'application', count: 'messages', rate, burst: 1 })[0]?.intervalMs, intervalMs)
  })
}

test('watched buckets are shadows: other ones than enforced', () => {
  const limit: Limit = { per: 'sender', count: 'messages', rate: '1/m', burst: 1 }
  assert.equal(claimed(limit, 'monitor')[0]?.name, 'monitor messages 1/m sender=invoices@billing.example.com')
  assert.equal(claimed(limit)[0]?.name, 'enforce messages 1/m sender=invoices@billing.example.com')
})

test('with the recipient domain there is a bucket for each organization, and each is charged what goes there', () => {
  const costs = (count: Limit['count']) =>
    claimed({ per: 'recipient-domain', count, rate: '1/m', burst: 1 }).map(({ name, cost }) => [name.split('=')[1], cost])
  assert.deepEqual(costs('recipients'), [
    ['one.example', 1],
    ['two.co.uk', 2],
  ])
  assert.deepEqual(costs('messages'), [
    ['one.example', 1],
    ['two.co.uk', 1],
  ])
  assert.deepEqual(costs('bytes'), [
    ['one.example', 5_000],
    ['two.co.uk', 5_000],
  ])
})

test('the parts of a combination stand in one order, whichever the policy writes, and the application goes without saying', () => {
  const written: Limit['per'][] = [
    ['recipient-domain', 'sender-domain'],
    ['sender-domain', 'recipient-domain', 'application', 'sender-domain'],
  ]
  const names = written.map((per) => claimed({ per, count: 'messages', rate: '1/m', burst: 1 })[0]?.name)
  assert.equal(names[0], 'enforce messages 1/m sender-domain=billing.example.com recipient-domain=one.example')
  assert.equal(names[1], names[0])
})

test('names never exceed what the limiter takes, and differ where the addresses do', () => {
  const label = 'ü'.repeat(50)
  const names = ['a', 'b'].map((local) => {
    const long = { ...message, sender: `${local}@${[label, label, label].join('.')}.example` }
    const limits = throttleLimits(
      settings({ per: ['sender', 'sender-domain', 'recipient-domain'], count: 'messages', rate: '1/m', burst: 1 }),
    )
    return claimsOf(long, { contentBytes: 1 }, limits, 'enforce')[0]?.name ?? ''
  })
  for (const name of names) assert.ok(Buffer.byteLength(name) <= 400, name)
  assert.notEqual(names[0], names[1])
})
