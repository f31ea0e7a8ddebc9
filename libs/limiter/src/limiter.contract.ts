/** What every limiter promises: call it with a way to open one, in a test file of the adapter. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, suite, test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import fc from 'fast-check'
import type { BucketClaim, Limiter, Reservation, ReserveResult } from './port.ts'

export interface LimiterContract {
  readonly name: string
  /** Opens a limiter with nothing in it. */
  open(): Promise<Limiter>
  /** Lets this much time pass for the limiter: by its clock where it has one, else by waiting. At most 1 s at a time. */
  advance(ms: number): Promise<void>
  /** Lets minutes pass; where that cannot be, what needs it is left out. */
  advanceMinutes?(minutes: number): Promise<void>
  /** Opens what `open` opened last once more, after it was closed. */
  reopen(): Promise<Limiter>
  /** Time that may pass by itself between two calls, for a limiter whose clock runs, ms. Default 0. */
  readonly slackMs?: number
  /** Runs of each property. Default 100. */
  readonly runs?: number
}

const hour = 3_600_000

export function limiterContract(contract: LimiterContract): void {
  const { slackMs = 0, runs = 100 } = contract
  /** A bucket that gives nothing back while a test runs, unless told. */
  const claim = (changes: Partial<BucketClaim> = {}): BucketClaim => ({
    application: 'billing',
    name: 'enforce messages application',
    intervalMs: hour,
    burst: 10,
    cost: 1,
    ...changes,
  })
  const near = (actual: number | undefined, expected: number, passedMs = slackMs): void => {
    assert.ok(
      actual !== undefined && actual <= expected + 0.01 && actual >= expected - passedMs - 0.01,
      `${actual}, not ${expected}`,
    )
  }

  suite(`limiter: ${contract.name}`, () => {
    let limiter: Limiter
    beforeEach(async () => {
      limiter = await contract.open()
    })
    afterEach(() => limiter.close())

    const reserve = (buckets: readonly BucketClaim[], changes: Partial<Reservation> = {}): Promise<ReserveResult> =>
      limiter.reserve({ messageId: newMessageId(), buckets, aheadMs: 0, ...changes })
    const remaining = async (name = claim().name, application = 'billing'): Promise<number | undefined> =>
      (await limiter.fill(application)).find((fill) => fill.name === name)?.remaining

    test('it takes what conforms and says what remains; then it refuses, says when, and charges nothing', async () => {
      for (const left of [7, 4, 1]) {
        const { outcome, waitMs, repeated, buckets } = await reserve([claim({ cost: 3 })])
        assert.deepEqual({ outcome, waitMs, repeated }, { outcome: 'taken', waitMs: 0, repeated: false })
        const [fill] = buckets
        assert.deepEqual(
          { ...fill, fullInMs: 0 },
          { application: 'billing', name: claim().name, remaining: left, burst: 10, waitMs: 0, fullInMs: 0 },
        )
        near(fill?.fullInMs, (10 - left) * hour, 3 * slackMs)
      }
      for (let again = 0; again < 3; again++) {
        const { outcome, waitMs, buckets } = await reserve([claim({ cost: 3 })])
        assert.deepEqual([outcome, buckets[0]?.remaining], ['refused', 1])
        near(waitMs, 2 * hour, 6 * slackMs)
        assert.equal(buckets[0]?.waitMs, waitMs)
      }
      assert.equal((await reserve([claim()])).outcome, 'taken')
      assert.equal((await reserve([claim()])).outcome, 'refused')
    })

    test('after the wait it conforms, and not before', async () => {
      const slow = claim({ intervalMs: 400, burst: 2 })
      await reserve([{ ...slow, cost: 2 }])
      const { outcome, waitMs } = await reserve([slow])
      assert.equal(outcome, 'refused')
      near(waitMs, 400)
      assert.equal((await reserve([slow])).outcome, 'refused')
      await contract.advance(waitMs)
      assert.equal((await reserve([slow])).outcome, 'taken')
      assert.equal((await reserve([slow])).outcome, 'refused')
    })

    test('what costs more than a burst never conforms, and no bucket is charged, ahead or not', async () => {
      for (const aheadMs of [0, 1_000 * hour]) {
        const buckets = [
          claim({ cost: 2 }),
          claim({ name: 'small', burst: 4, cost: 5 }),
          claim({ name: 'smaller', burst: 3, cost: 4 }),
        ]
        const { outcome, above, waitMs, buckets: fills } = await reserve(buckets, { aheadMs })
        assert.deepEqual({ outcome, above, waitMs }, { outcome: 'above-burst', above: 1, waitMs: 0 })
        assert.deepEqual(
          fills.map((fill) => fill.remaining),
          [10, 4, 3],
        )
      }
      assert.deepEqual(await limiter.fill('billing'), [])
      assert.equal((await reserve([claim({ cost: 10 })])).outcome, 'taken')
    })

    test('all buckets or none: the wait is the longest, and the fills are in the order of the claims', async () => {
      const [wide, narrow] = [claim({ name: 'wide', burst: 100, intervalMs: hour / 10 }), claim({ name: 'narrow', burst: 2 })]
      for (let times = 0; times < 2; times++) assert.equal((await reserve([wide, narrow])).outcome, 'taken')
      const refused = await reserve([{ ...wide, cost: 50 }, narrow])
      assert.equal(refused.outcome, 'refused')
      near(refused.waitMs, hour, 3 * slackMs)
      assert.deepEqual(
        refused.buckets.map(({ name, remaining, waitMs }) => [name, remaining, waitMs > 0]),
        [
          ['wide', 98, false],
          ['narrow', 0, true],
        ],
      )
      const other = await reserve([narrow, { ...wide, cost: 100 }])
      assert.deepEqual(
        other.buckets.map(({ name, remaining }) => [name, remaining]),
        [
          ['narrow', 0],
          ['wide', 98],
        ],
      )
      near(other.waitMs, hour, 4 * slackMs)
      assert.equal((await reserve([{ ...wide, cost: 98 }])).outcome, 'taken')
    })

    test('no bucket at all conforms, and a cost of nothing takes nothing', async () => {
      const { outcome, waitMs, buckets } = await reserve([])
      assert.deepEqual({ outcome, waitMs, buckets }, { outcome: 'taken', waitMs: 0, buckets: [] })
      assert.equal((await reserve([claim({ cost: 0 })])).buckets[0]?.remaining, 10)
    })

    test('the same id gets the first answer again and is charged once', async () => {
      const [taken, refused, above] = [newMessageId(), newMessageId(), newMessageId()]
      const quick = claim({ name: 'quick', intervalMs: 300, burst: 1 })
      assert.equal((await reserve([claim({ cost: 4 }), quick], { messageId: taken })).repeated, false)
      const first = await reserve([claim({ cost: 3 }), quick], { messageId: refused })
      assert.deepEqual([first.outcome, first.repeated], ['refused', false])
      await reserve([claim({ cost: 1 }), claim({ name: 'small', burst: 1, cost: 9 })], { messageId: above })
      await contract.advance(first.waitMs)
      const again = {
        taken: await reserve([claim({ cost: 4 }), quick], { messageId: taken }),
        refused: await reserve([claim({ cost: 3 }), quick], { messageId: refused }),
        above: await reserve([claim({ cost: 1 }), claim({ name: 'small', burst: 1, cost: 9 })], { messageId: above }),
      }
      assert.deepEqual([again.taken.outcome, again.taken.repeated, again.taken.waitMs], ['taken', true, 0])
      assert.deepEqual([again.refused.outcome, again.refused.repeated], ['refused', true])
      assert.equal(again.refused.waitMs, first.waitMs)
      assert.deepEqual(
        again.refused.buckets.map(({ waitMs }) => waitMs),
        first.buckets.map(({ waitMs }) => waitMs),
      )
      assert.deepEqual([again.above.outcome, again.above.above, again.above.repeated], ['above-burst', 1, true])
      assert.equal(await remaining(), 6)
    })

    test('of one id many times at once, one is charged', async () => {
      const messageId = newMessageId()
      const answers = await Promise.all(Array.from({ length: 12 }, () => reserve([claim({ cost: 4 })], { messageId })))
      assert.deepEqual(
        answers.map(({ outcome }) => outcome),
        answers.map(() => 'taken'),
      )
      assert.equal(answers.filter(({ repeated }) => !repeated).length, 1)
      assert.equal(await remaining(), 6)
    })

    test('of many at once no more are taken than conform', async () => {
      const worker = async (): Promise<number> => {
        let taken = 0
        for (let index = 0; index < 10; index++) {
          const { outcome } = await reserve([claim({ cost: 2 }), claim({ name: 'other', burst: 1_000 })])
          if (outcome === 'taken') taken++
        }
        return taken
      }
      const taken = await Promise.all([worker(), worker(), worker(), worker()])
      assert.equal(
        taken.reduce((sum, each) => sum + each, 0),
        5,
      )
      assert.equal(await remaining('other'), 995)
    })

    test('ahead it reserves in the order of the calls, up to how far it may', async () => {
      const waits = await Promise.all(Array.from({ length: 16 }, () => reserve([claim()], { aheadMs: 5 * hour })))
      assert.deepEqual(
        waits.map(({ outcome }) => outcome),
        waits.map((_, index) => (index < 15 ? 'taken' : 'refused')),
      )
      waits.forEach(({ waitMs, buckets }, index) => {
        near(waitMs, Math.max(0, Math.min(index, 15) - 9) * hour, 16 * slackMs)
        if (index < 15) assert.equal(buckets[0]?.remaining, Math.max(0, 9 - index))
      })
      near((await reserve([claim()])).waitMs, 6 * hour, 20 * slackMs)
      near((await reserve([claim({ cost: 2 })], { aheadMs: 8 * hour })).waitMs, 7 * hour, 20 * slackMs)
    })

    test('a refund gives back what was taken, once, of every bucket', async () => {
      const messageId = newMessageId()
      const buckets = [claim({ cost: 4 }), claim({ name: 'other', cost: 7 })]
      await reserve([claim()])
      await reserve(buckets, { messageId })
      await limiter.refund(messageId)
      assert.deepEqual([await remaining(), await remaining('other')], [9, undefined])
      await limiter.refund(messageId)
      await limiter.refund(newMessageId())
      assert.equal(await remaining(), 9)
      const anew = await reserve(buckets, { messageId })
      assert.deepEqual([anew.outcome, anew.repeated], ['taken', false])
      assert.deepEqual([await remaining(), await remaining('other')], [5, 3])
    })

    test('a refund of a message that was not taken gives nothing', async () => {
      const messageId = newMessageId()
      await reserve([claim({ cost: 9 })])
      assert.equal((await reserve([claim({ cost: 3 })], { messageId })).outcome, 'refused')
      await limiter.refund(messageId)
      assert.equal(await remaining(), 1)
      assert.equal((await reserve([claim({ cost: 3 })], { messageId })).repeated, false)
    })

    test('a refund is clamped: what came back with time is not given back again', async () => {
      const messageId = newMessageId()
      const quick = claim({ intervalMs: 100, burst: 4, cost: 4 })
      await reserve([quick], { messageId })
      await contract.advance(500)
      await reserve([{ ...quick, intervalMs: hour, cost: 1 }])
      await limiter.refund(messageId)
      // The four units of 100 ms were back before: what is left is the one unit of an hour, of another message.
      const [fill] = await limiter.fill('billing')
      near(fill?.fullInMs, hour, 4 * slackMs)
    })

    test('a share that has leaked in part is given back in part', { skip: slackMs > 0 && 'needs a clock' }, async () => {
      const messageId = newMessageId()
      await reserve([claim({ cost: 4 })], { messageId })
      await contract.advance(1_000)
      await limiter.refund(messageId)
      assert.deepEqual(await limiter.fill('billing'), [])
      const slow = claim({ intervalMs: 600, burst: 4 })
      await reserve([{ ...slow, cost: 1 }], { messageId })
      await contract.advance(400)
      await reserve([{ ...slow, cost: 2 }])
      await limiter.refund(messageId)
      // Of its 600 ms 400 have leaked: 200 are given back, and the others' 1,200 stand.
      const [fill] = await limiter.fill('billing')
      near(fill?.fullInMs, 1_200)
    })

    test('after refunds a bucket stands where it would without them', { skip: slackMs > 0 && 'needs a clock' }, async () => {
      const steps = fc.array(
        fc.record({
          passedMs: fc.constantFrom(0, 0, 10, 300, 900),
          cost: fc.integer({ min: 1, max: 5 }),
          refunded: fc.option(fc.nat(9)),
        }),
        { maxLength: 40 },
      )
      await fc.assert(
        fc.asyncProperty(steps, async (sequence) => {
          const bucket = claim({ application: newMessageId(), intervalMs: 100, burst: 1_000 })
          let kept: { id: string; atMs: number; cost: number }[] = []
          let nowMs = 0
          for (const { passedMs, cost, refunded } of sequence) {
            nowMs += passedMs
            await contract.advance(passedMs)
            const given = refunded === null ? undefined : kept.at(-1 - refunded)
            if (given) {
              await limiter.refund(given.id)
              kept = kept.filter((one) => one !== given)
            } else {
              const id = newMessageId()
              await reserve([{ ...bucket, cost }], { messageId: id })
              kept.push({ id, atMs: nowMs, cost })
            }
            let [backlogMs, atMs] = [0, 0]
            for (const one of kept) {
              backlogMs = Math.max(0, backlogMs - (one.atMs - atMs)) + one.cost * 100
              atMs = one.atMs
            }
            const [fill] = await limiter.fill(bucket.application)
            near(fill?.fullInMs ?? 0, Math.max(0, backlogMs - (nowMs - atMs)))
          }
        }),
        { numRuns: runs },
      )
    })

    test('buckets of one name are apart by application', async () => {
      await reserve([claim({ cost: 10 })])
      assert.equal((await reserve([claim()])).outcome, 'refused')
      assert.equal((await reserve([claim({ application: 'crm' })])).outcome, 'taken')
      assert.deepEqual([await remaining(), await remaining(claim().name, 'crm')], [0, 9])
    })

    test('another burst or rate holds for the bucket as it stands', async () => {
      await reserve([claim({ cost: 10 })])
      assert.equal((await reserve([claim({ burst: 12, cost: 2 })])).outcome, 'taken')
      const smaller = await reserve([claim({ burst: 5 })])
      assert.deepEqual([smaller.outcome, smaller.buckets[0]?.remaining], ['refused', 0])
      near(smaller.waitMs, 8 * hour, 4 * slackMs)
    })

    test('fill lists the buckets of an application that are not full, by name, in pages', async () => {
      const names = Array.from(
        { length: 25 },
        (_, index) => `monitor recipients sender=u${String(index).padStart(2, '0')}@é.example`,
      )
      await reserve(names.map((name, index) => claim({ name, cost: index % 3 })))
      await reserve([claim({ application: 'billing2' }), claim({ application: 'billin' })])
      const expected = names.filter((_, index) => index % 3 > 0)
      const fills = await limiter.fill('billing')
      assert.deepEqual(
        fills.map(({ name }) => name),
        expected,
      )
      assert.ok(fills.every(({ application, burst, waitMs }) => application === 'billing' && burst === 10 && waitMs === 0))
      assert.deepEqual([fills[0]?.remaining, fills[1]?.remaining], [9, 8])
      near(fills[1]?.fullInMs, 2 * hour)
      const page = await limiter.fill('billing', { after: expected[4] ?? '', limit: 5 })
      assert.deepEqual(
        page.map(({ name }) => name),
        expected.slice(5, 10),
      )
      assert.deepEqual(await limiter.fill('nobody'), [])
    })

    test('a message to hundreds of domains charges each of its buckets', async () => {
      const buckets = Array.from({ length: 300 }, (_, index) => claim({ name: `domain=d${index}.example`, cost: (index % 3) + 1 }))
      const { outcome, buckets: fills } = await reserve(buckets)
      assert.equal(outcome, 'taken')
      assert.ok(fills.every(({ name, remaining }, index) => name === buckets[index]?.name && remaining === 9 - (index % 3)))
      assert.equal((await limiter.fill('billing', { limit: 1_000 })).length, 300)
    })

    test('a name of 400 bytes is one; a longer one, a bucket claimed twice and a claim without meaning are refused', async () => {
      assert.equal((await reserve([claim({ name: 'é'.repeat(200) })])).outcome, 'taken')
      const wrong = [{ name: 'é'.repeat(201) }, { intervalMs: 0 }, { burst: 0 }, { cost: -1 }, { intervalMs: Number.NaN }]
      for (const changes of wrong) await assert.rejects(reserve([claim(changes)]), RangeError)
      await assert.rejects(reserve([claim(), claim({ cost: 2 })]), RangeError)
      assert.equal(await remaining(), undefined)
    })

    test('buckets and reservations outlive a restart', async () => {
      const [taken, refused] = [newMessageId(), newMessageId()]
      await reserve([claim({ cost: 8 }), claim({ name: 'other' })], { messageId: taken })
      await reserve([claim({ cost: 8 })], { messageId: refused })
      await limiter.close()
      limiter = await contract.reopen()
      assert.deepEqual([await remaining(), await remaining('other')], [2, 9])
      const again = await reserve([claim({ cost: 8 }), claim({ name: 'other' })], { messageId: taken })
      assert.deepEqual([again.outcome, again.repeated], ['taken', true])
      assert.deepEqual((await reserve([claim({ cost: 8 })], { messageId: refused })).repeated, true)
      assert.equal((await reserve([claim({ cost: 3 })])).outcome, 'refused')
      await limiter.refund(taken)
      assert.deepEqual([await remaining(), await remaining('other')], [undefined, undefined])
    })

    const messages = fc.array(
      fc.record({
        who: fc.nat(2),
        cost: fc.integer({ min: 1, max: 6 }),
        isAhead: fc.boolean(),
        what: fc.constantFrom('new', 'new', 'again', 'refund'),
      }),
      { maxLength: 40 },
    )

    test('it agrees with a model that counts, whatever comes in which order, again or given back', async () => {
      await fc.assert(
        fc.asyncProperty(messages, async (steps) => {
          const application = newMessageId()
          const taken = new Map<string, number>()
          const answered: { id: string; buckets: BucketClaim[]; result: ReserveResult }[] = []
          for (const { who, cost, isAhead, what } of steps) {
            const earlier = answered.at(who * -3 - 1)
            if (what === 'refund' && earlier) {
              await limiter.refund(earlier.id)
              const given = earlier.result.outcome === 'taken' ? earlier.buckets : []
              for (const bucket of given) taken.set(bucket.name, (taken.get(bucket.name) ?? 0) - bucket.cost)
              answered.splice(answered.indexOf(earlier), 1)
            } else if (what === 'again' && earlier) {
              const { outcome, repeated } = await reserve(earlier.buckets, { messageId: earlier.id })
              assert.deepEqual([outcome, repeated], [earlier.result.outcome, true])
            } else {
              const buckets = [
                claim({ application, name: 'all', burst: 12, cost }),
                claim({ application, name: `own ${who}`, burst: 5, cost }),
              ]
              const aheadHours = isAhead ? 3 : 0
              const waits = buckets.map(({ name, burst }) => (taken.get(name) ?? 0) + cost - burst)
              const expected = cost > 5 ? 'above-burst' : Math.max(...waits) > aheadHours ? 'refused' : 'taken'
              const id = newMessageId()
              const result = await reserve(buckets, { messageId: id, aheadMs: aheadHours * hour })
              assert.equal(result.outcome, expected)
              if (expected !== 'above-burst') near(result.waitMs, Math.max(0, ...waits) * hour, 100 * slackMs)
              if (expected === 'taken') for (const { name } of buckets) taken.set(name, (taken.get(name) ?? 0) + cost)
              answered.push({ id, buckets, result })
            }
          }
          for (const fill of await limiter.fill(application)) {
            assert.equal(fill.remaining, Math.max(0, fill.burst - (taken.get(fill.name) ?? 0)))
          }
        }),
        { numRuns: runs },
      )
    })

    test('over time it lets go no more than burst and rate, in the order of the calls', {
      skip: slackMs > 0 && 'needs a clock',
    }, async () => {
      const steps = fc.array(
        fc.record({ passedMs: fc.nat(900), cost: fc.integer({ min: 1, max: 5 }), aheadMs: fc.constantFrom(0, 2_000) }),
        {
          maxLength: 40,
        },
      )
      await fc.assert(
        fc.asyncProperty(steps, async (sequence) => {
          const bucket = claim({ application: newMessageId(), intervalMs: 1000 / 7, burst: 5 })
          const gone: { atMs: number; cost: number }[] = []
          let nowMs = 0
          for (const { passedMs, cost, aheadMs } of sequence) {
            nowMs += passedMs
            await contract.advance(passedMs)
            const { outcome, waitMs } = await reserve([{ ...bucket, cost }], { aheadMs })
            if (outcome === 'taken') gone.push({ atMs: nowMs + waitMs, cost })
            else assert.ok(waitMs > aheadMs)
          }
          gone.forEach((first, from) => {
            let units = 0
            gone.slice(from).forEach(({ atMs, cost }, index) => {
              assert.ok(index === 0 || atMs >= (gone[from + index - 1]?.atMs ?? 0) - 0.01)
              units += cost
              const most = 5 + ((atMs - first.atMs) / 1000) * 7
              assert.ok(units <= most + 0.001, `${units} units in ${atMs - first.atMs} ms`)
            })
          })
        }),
        { numRuns: runs },
      )
    })

    test('after 20 minutes a reservation is forgotten', { skip: !contract.advanceMinutes && 'needs a clock' }, async () => {
      const messageId = newMessageId()
      await reserve([claim()], { messageId })
      await contract.advanceMinutes?.(19)
      assert.equal((await reserve([claim()], { messageId })).repeated, true)
      await contract.advanceMinutes?.(2)
      assert.equal((await reserve([claim()], { messageId })).repeated, false)
      assert.equal(await remaining(), 8)
    })
  })
}
