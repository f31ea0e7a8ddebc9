import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { bucketName } from '@sallyport/limiter'
import { compilePolicy, type Limit } from '@sallyport/policy'
import { memoryLimiter } from '@sallyport/testkit'
import { limitsOf } from './limits-view.ts'

const limits: Limit[] = [
  { per: 'application', count: 'messages', rate: '1/m', burst: 10 },
  { per: 'application', count: 'recipients', rate: '1/m', burst: 30 },
  { per: ['sender', 'recipient-domain'], count: 'messages', rate: '1/m', burst: 4 },
]

const policyWith = (mode: 'enforce' | 'monitor' | 'off') =>
  compilePolicy(
    {
      organization: { name: 'Example', domains: ['example.com'] },
      applications: [
        { name: 'billing', owner: 'o@example.com', from: { networks: ['10.0.0.0/8'] }, checks: { throttle: { mode, limits } } },
      ],
      routes: { default: { capture: true } },
    },
    7,
  )

const still = { elapsed: () => 0 }
type Mode = 'enforce' | 'monitor'

async function used(mode: Mode = 'enforce') {
  const limiter = memoryLimiter(still)
  const bucket = (limit: number, burst: number, cost: number, ...values: [string, string][]) => {
    const { count = '', rate = '' } = limits[limit] ?? {}
    return { application: 'billing', name: bucketName({ mode, count, rate }, values), intervalMs: 60_000, burst, cost }
  }
  const buckets = [
    bucket(0, 10, 3, ['application', 'billing']),
    bucket(2, 4, 1, ['sender', 'a@example.com'], ['recipient-domain', 'example.net']),
    bucket(2, 4, 4, ['sender', 'b@example.com'], ['recipient-domain', 'example.net']),
    { application: 'billing', name: 'enforce messages 9/m application', intervalMs: 1_000, burst: 9, cost: 1 },
  ]
  await limiter.reserve({ messageId: newMessageId(), buckets, aheadMs: 0 })
  return limiter
}

test('each bucket that is not full, and the full ones of the application as a whole', async () => {
  const answer = await limitsOf(policyWith('enforce'), await used(), { application: 'billing', limit: 100 })
  const pair = (sender: string) => ({ sender, 'recipient-domain': 'example.net' })
  assert.deepEqual(answer, {
    application: 'billing',
    policyRevision: 7,
    mode: 'enforce',
    limits: [
      { per: ['application'], count: 'messages', rate: '1/m', burst: 10 },
      { per: ['application'], count: 'recipients', rate: '1/m', burst: 30 },
      { per: ['sender', 'recipient-domain'], count: 'messages', rate: '1/m', burst: 4 },
    ],
    buckets: [
      { limit: 1, mode: 'enforce', owner: { application: 'billing' }, burst: 30, remaining: 30, fullInMs: 0 },
      { limit: 0, mode: 'enforce', owner: { application: 'billing' }, burst: 10, remaining: 7, fullInMs: 180_000 },
      { limit: 2, mode: 'enforce', owner: pair('a@example.com'), burst: 4, remaining: 3, fullInMs: 60_000 },
      { limit: 2, mode: 'enforce', owner: pair('b@example.com'), burst: 4, remaining: 0, fullInMs: 240_000 },
    ],
    next: null,
  })
})

test('after a change of mode shadows and buckets in force are told apart', async () => {
  const { mode, buckets } = await limitsOf(policyWith('enforce'), await used('monitor'), { application: 'billing', limit: 100 })
  assert.equal(mode, 'enforce')
  assert.deepEqual(
    buckets.map(({ limit, mode, remaining }) => [limit, mode, remaining]),
    [
      [0, 'enforce', 10],
      [1, 'enforce', 30],
      [0, 'monitor', 7],
      [2, 'monitor', 3],
      [2, 'monitor', 0],
    ],
  )
})

test('another burst in the policy holds for the bucket as it stands', async () => {
  const policy = policyWith('enforce')
  const limiter = memoryLimiter(still)
  const claim = { application: 'billing', name: 'enforce messages 1/m application', intervalMs: 60_000, burst: 20, cost: 12 }
  await limiter.reserve({ messageId: newMessageId(), buckets: [claim], aheadMs: 0 })
  const { buckets } = await limitsOf(policy, limiter, { application: 'billing', limit: 100 })
  assert.deepEqual(buckets.find(({ limit }) => limit === 0)?.remaining, 0)
})

test('pages go through all of them, each once', async () => {
  const limiter = await used()
  const seen: (string | undefined)[] = []
  let cursor: string | null | undefined
  for (let pages = 0; cursor !== null; pages++) {
    assert.ok(pages < 10)
    const page = await limitsOf(policyWith('enforce'), limiter, { application: 'billing', limit: 2, cursor })
    seen.push(...page.buckets.map(({ limit, owner }) => `${limit} ${owner.sender ?? ''}`))
    cursor = page.next
  }
  assert.deepEqual(seen, ['1 ', '0 ', '2 a@example.com', '2 b@example.com'])
})

test('with the check off no bucket is sure to exist; who is unknown is not found', async () => {
  const limiter = memoryLimiter(still)
  assert.deepEqual((await limitsOf(policyWith('off'), limiter, { application: 'billing', limit: 9 })).buckets, [])
  await assert.rejects(limitsOf(policyWith('off'), limiter, { application: 'crm', limit: 9 }), { code: 'NOT_FOUND' })
})
