import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Limit } from '@sallyport/policy'
import { limiterUnavailable, memoryLimiter, testPorts } from '@sallyport/testkit'
import fc from 'fast-check'
import { startThrottle } from './index.ts'
import { stage } from './stage.cases.ts'

/** Time stands still: nothing comes back while a test runs. */
const still = { elapsed: () => 0 }
const limit = (changes: Partial<Limit> = {}): Limit => ({
  per: 'application',
  count: 'recipients',
  rate: '60/h',
  burst: 2,
  ...changes,
})
const enforced = (...limits: Limit[]) => ({ retries: true, checks: { throttle: { mode: 'enforce', limits } } }) as const

test('a refusal names the limit, what remains and when, for people and for ingress', async () => {
  const limiter = memoryLimiter(still)
  const s = await stage(limiter, enforced(limit({ per: ['sender-domain', 'recipient-domain'] })))
  const [passed] = await s.annotationsOf(await s.ask())
  assert.deepEqual([passed?.outcome, passed?.reasons, passed?.waitMs, passed?.waits], ['pass', [], undefined, undefined])
  const [refused] = await s.annotationsOf(await s.ask({ recipients: 2 }))
  assert.deepEqual([refused?.outcome, refused?.waitMs, refused?.costAboveBurst], ['fail', 60_000, undefined])
  assert.deepEqual(refused?.waits, [
    {
      limit: '60/h recipients per sender-domain example.com and recipient-domain partner.example, burst 2',
      cost: 2,
      intervalMs: 60_000,
      waitMs: 60_000,
    },
  ])
  const text =
    /^This message counts 2 recipients, and the limit of 60\/h recipients per sender-domain example\.com and recipient-domain partner\.example, burst 2 is reached: 1 remain now, enough in 60 s, at 20\d\d-[-0-9T:]{14}Z\.$/
  assert.match(refused?.reasons[0]?.text ?? '', text)
  await s.stop()
})

test('a message above the burst says so, and waits for nothing', async () => {
  const s = await stage(memoryLimiter(still), enforced(limit()))
  const [above] = await s.annotationsOf(await s.ask({ recipients: 300 }))
  assert.deepEqual([above?.outcome, above?.costAboveBurst, above?.waitMs, above?.waits], ['fail', true, undefined, undefined])
  assert.match(above?.reasons[0]?.text ?? '', /^This message counts 300 recipients, and .* lets only 2 go at once/)
  await s.stop()
})

test('without a queue of its own the application has its turns taken, one after the other', async () => {
  const s = await stage(memoryLimiter(still), { ...enforced(limit({ count: 'messages' })), retries: false })
  const waits: (number | undefined)[] = []
  for (let index = 0; index < 5; index++) {
    const [annotation] = await s.annotationsOf(await s.ask())
    waits.push(annotation?.waitMs)
    if (index >= 2) assert.equal(annotation?.reasons[0]?.rule, 'throttle.waits')
  }
  assert.deepEqual(waits, [undefined, undefined, 60_000, 120_000, 180_000])
  await s.stop()
})

test('a change from monitor to enforce begins with full buckets', async () => {
  const limiter = memoryLimiter(still)
  const watched = await stage(limiter, { checks: { throttle: { mode: 'monitor', limits: [limit()] } } })
  for (let index = 0; index < 3; index++) await watched.annotationsOf(await watched.ask({ recipients: 2 }))
  await watched.stop()
  const s = await stage(limiter, enforced(limit()))
  assert.equal((await s.annotationsOf(await s.ask({ recipients: 2 })))[0]?.outcome, 'pass')
  assert.equal((await s.annotationsOf(await s.ask({ recipients: 2 })))[0]?.outcome, 'fail')
  await s.stop()
})

test('a limiter that fails makes the check unavailable, never a pass', async () => {
  const limiter = memoryLimiter(still)
  limiter.faults.call = limiterUnavailable
  const s = await stage(limiter, enforced(limit()))
  const [annotation] = await s.annotationsOf(await s.ask())
  assert.deepEqual([annotation?.outcome, annotation?.reasons[0]?.rule], ['unavailable', 'throttle.failed'])
  limiter.faults.call = undefined
  assert.equal((await s.annotationsOf(await s.ask()))[0]?.outcome, 'pass')
  await s.stop()
})

test('no limits, nothing to reserve', async () => {
  const limiter = memoryLimiter(still)
  limiter.faults.call = limiterUnavailable
  const s = await stage(limiter, { checks: { throttle: { mode: 'monitor' } } })
  assert.equal((await s.annotationsOf(await s.ask()))[0]?.outcome, 'pass')
  await s.stop()
})

test('a setting that does not fit is refused', async () => {
  await assert.rejects(startThrottle({ ...testPorts(), limiter: memoryLimiter() }, { concurrency: 0 }))
})

test('one to four workers never let pass more than the burst, and a record that comes again is counted once', async () => {
  const asked = fc.record({
    recipients: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(300)),
    times: fc.integer({ min: 1, max: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(asked, { minLength: 1, maxLength: 25 }),
      async (workers, messages) => {
        const limiter = memoryLimiter(still)
        const s = await stage(
          limiter,
          enforced(limit({ burst: 350 }), limit({ per: 'sender', count: 'messages', rate: '1/d', burst: 20 })),
          workers,
        )
        const all = await Promise.all(
          messages.map(async ({ recipients, times }) => {
            const id = await s.ask({ recipients })
            for (let again = 1; again < times; again++) await s.ask({ id, recipients })
            return { recipients, annotations: await s.annotationsOf(id, times) }
          }),
        )
        await s.stop()
        let [passed, units] = [0, 0]
        for (const { recipients, annotations } of all) {
          const outcomes = new Set(annotations.map(({ outcome }) => outcome))
          assert.equal(outcomes.size, 1)
          if (!outcomes.has('pass')) continue
          passed++
          units += recipients
        }
        assert.ok(units <= 350 && passed <= 20, `${units} recipients in ${passed} messages`)
        // All or none: a refused message took from neither bucket.
        const fills = await limiter.fill('billing')
        assert.deepEqual(
          fills.map(({ burst, remaining }) => burst - remaining).toSorted((left, right) => left - right),
          [passed, units].filter((taken) => taken > 0).toSorted((left, right) => left - right),
        )
      },
    ),
    { numRuns: 25 },
  )
})
