/** What every ledger promises: call it with a way to open one, in a test file of the adapter. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, suite, test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import fc from 'fast-check'
import type { AttemptOutcome, Finished, Ledger, LedgerEntry } from './port.ts'

export interface LedgerContract {
  readonly name: string
  /** Opens a ledger with nothing in it. */
  open(): Promise<Ledger>
  /** Lets this much time pass for the ledger: by its clock where it has one, else by waiting. At most 1 s at a time. */
  advance(ms: number): Promise<void>
  /** Lets more than an hour pass; where that cannot be, what needs it is left out. */
  advanceHours?(hours: number): Promise<void>
  /** Opens what `open` opened last once more, as after a crash. */
  reopen(): Promise<Ledger>
  /** Runs of each property. Default 100. */
  readonly runs?: number
}

const [a, b] = ['owner-a', 'owner-b']

export function ledgerContract(contract: LedgerContract): void {
  const runs = contract.runs ?? 100

  suite(`ledger: ${contract.name}`, () => {
    let ledger: Ledger
    beforeEach(async () => {
      ledger = await contract.open()
    })
    afterEach(() => ledger.close())

    test('a claim keeps others away for its lease, all recipients or none', async () => {
      const id = newMessageId()
      assert.deepEqual(await ledger.claim(id, [0, 1], a, 300), { claimed: true, entries: new Map() })
      const second = await ledger.claim(id, [1, 2], b, 300)
      assert.ok(!second.claimed && second.heldForMs > 0 && second.heldForMs <= 300)
      assert.equal((await ledger.claim(id, [2], b, 300)).claimed, true)
      assert.equal((await ledger.claim(newMessageId(), [0, 1], b, 300)).claimed, true)
      await contract.advance(400)
      assert.equal((await ledger.claim(id, [0, 1, 2], b, 300)).claimed, true)
    })

    test('the owner may claim again and renew; who lost it may not', async () => {
      const id = newMessageId()
      await ledger.claim(id, [0], a, 300)
      assert.equal((await ledger.claim(id, [0], a, 300)).claimed, true)
      await contract.advance(200)
      assert.equal(await ledger.renew(id, [0], a, 300), true)
      await contract.advance(200)
      assert.equal((await ledger.claim(id, [0], b, 300)).claimed, false)
      assert.equal(await ledger.renew(id, [0], b, 300), false)
      await contract.advance(400)
      assert.equal(await ledger.renew(id, [0], a, 300), false)
      await ledger.claim(id, [0], b, 300)
      assert.equal(await ledger.renew(id, [0], a, 300), false)
      await ledger.release(id, [0], a)
      assert.equal(await ledger.renew(id, [0], b, 300), true)
    })

    test('finish and release let the claims go, of their recipients only', async () => {
      const id = newMessageId()
      await ledger.claim(id, [0, 1, 2], a, 900)
      await ledger.finish(id, a, [{ recipient: 0, attempt: 1, outcome: 'delivered' }])
      await ledger.release(id, [1], a)
      const result = await ledger.claim(id, [0, 1], b, 900)
      assert.deepEqual(result, { claimed: true, entries: new Map([[0, { attempt: 1, outcome: 'delivered' }]]) })
      assert.equal((await ledger.claim(id, [2], b, 900)).claimed, false)
      assert.equal(await ledger.renew(id, [0], a, 900), false)
    })

    test('of many claims at once one wins', async () => {
      const id = newMessageId()
      const results = await Promise.all(Array.from({ length: 20 }, (_, index) => ledger.claim(id, [0], `owner-${index}`, 900)))
      assert.equal(results.filter((result) => result.claimed).length, 1)
    })

    test('outcomes survive a crash; a claim need not, but its lease is over at its end', async () => {
      const id = newMessageId()
      await ledger.claim(id, [0, 1], a, 300)
      await ledger.finish(id, a, [{ recipient: 0, attempt: 3, outcome: 'bounced' }])
      await ledger.markSplit(id)
      await ledger.close()
      ledger = await contract.reopen()
      assert.deepEqual(await ledger.entries(id, [0, 1]), new Map([[0, { attempt: 3, outcome: 'bounced' }]]))
      assert.equal(await ledger.wasSplit(id), true)
      await contract.advance(400)
      assert.equal((await ledger.claim(id, [1], b, 300)).claimed, true)
    })

    const outcome = fc.constantFrom<AttemptOutcome>('deferred', 'delivered', 'bounced', 'expired', 'dropped')
    const finished = fc.record({ recipient: fc.nat(3), attempt: fc.integer({ min: 1, max: 5 }), outcome })

    test('an older attempt never replaces a newer one, and final is final', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.uniqueArray(finished, { selector: (one) => one.recipient, minLength: 1 })), async (calls) => {
          const id = newMessageId()
          const expected = new Map<number, LedgerEntry>()
          for (const call of calls) {
            await ledger.finish(id, a, call)
            for (const one of call) expect(expected, one)
            assert.deepEqual(sorted(await ledger.entries(id, [0, 1, 2, 3])), sorted(expected))
          }
        }),
        { numRuns: runs },
      )
    })

    test('outcomes of concurrent attempts: the newest or a final one stays, whatever the order', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(finished, { minLength: 1, maxLength: 8 }), async (all) => {
          const id = newMessageId()
          await Promise.all(all.map((one, index) => ledger.finish(id, `owner-${index}`, [one])))
          for (const [recipient, entry] of await ledger.entries(id, [0, 1, 2, 3])) {
            const own = all.filter((one) => one.recipient === recipient)
            assert.ok(own.some((one) => one.attempt === entry.attempt && one.outcome === entry.outcome))
            const newest = Math.max(...own.map((one) => one.attempt))
            assert.ok(entry.outcome !== 'deferred' || entry.attempt === newest)
          }
        }),
        { numRuns: runs },
      )
    })

    test('no two owners hold one recipient, and a lost claim cannot renew', async () => {
      const step = fc.record({
        what: fc.constantFrom('claim', 'renew', 'release', 'finish', 'wait'),
        owner: fc.constantFrom(a, b, 'owner-c'),
        recipients: fc.uniqueArray(fc.nat(2), { minLength: 1 }),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const id = newMessageId()
          const holders = new Map<number, string>()
          const holds = (owner: string) => (recipient: number) => holders.get(recipient) === owner
          let attempt = 0
          for (const { what, owner, recipients } of steps) {
            if (what === 'wait') {
              await contract.advance(150)
              holders.clear()
            } else if (what === 'claim') {
              const isFree = recipients.every((recipient) => (holders.get(recipient) ?? owner) === owner)
              assert.equal((await ledger.claim(id, recipients, owner, 100)).claimed, isFree)
              if (isFree) for (const recipient of recipients) holders.set(recipient, owner)
            } else if (what === 'renew') {
              assert.equal(await ledger.renew(id, recipients, owner, 100), recipients.every(holds(owner)))
            } else {
              attempt++
              const outcomes = recipients.map((recipient): Finished => ({ recipient, attempt, outcome: 'deferred' }))
              if (what === 'release') await ledger.release(id, recipients, owner)
              else await ledger.finish(id, owner, outcomes)
              for (const recipient of recipients.filter(holds(owner))) holders.delete(recipient)
            }
          }
        }),
        { numRuns: runs },
      )
    })

    test('splits and verified senders, beside outcomes', async () => {
      const id = newMessageId()
      assert.equal(await ledger.wasSplit(id), false)
      assert.equal(await ledger.verifiedSender(id), undefined)
      await Promise.all([ledger.markSplit(id), ledger.recordVerifiedSender(id, true)])
      await ledger.finish(id, a, [{ recipient: 70_000, attempt: 300, outcome: 'expired' }])
      await ledger.markSplit(id)
      assert.equal(await ledger.wasSplit(id), true)
      assert.equal(await ledger.verifiedSender(id), true)
      await ledger.recordVerifiedSender(id, false)
      assert.equal(await ledger.verifiedSender(id), false)
      assert.deepEqual(await ledger.entries(id, [70_000]), new Map([[70_000, { attempt: 300, outcome: 'expired' }]]))
      assert.equal(await ledger.wasSplit(newMessageId()), false)
    })

    test('an outcome tells of the split that it came of, where it is said to', async () => {
      const [rejected, sent] = [newMessageId(), newMessageId()]
      await ledger.finish(rejected, a, [{ recipient: 0, attempt: 1, outcome: 'bounced' }])
      assert.equal(await ledger.wasSplit(rejected), false)
      await ledger.finish(sent, a, [{ recipient: 0, attempt: 1, outcome: 'deferred' }], true)
      await ledger.markSplit(sent)
      assert.equal(await ledger.wasSplit(sent), true)
      await ledger.finish(rejected, a, [{ recipient: 0, attempt: 1, outcome: 'bounced' }], true)
      assert.equal(await ledger.wasSplit(rejected), true)
      await ledger.close()
      ledger = await contract.reopen()
      assert.deepEqual([await ledger.wasSplit(sent), await ledger.wasSplit(rejected)], [true, true])
      assert.deepEqual(await ledger.entries(sent, [0]), new Map([[0, { attempt: 1, outcome: 'deferred' }]]))
    })

    test('DSNs are counted by application and address, each once', async () => {
      const ids = Array.from({ length: 4 }, () => newMessageId())
      const count = (index: number, application = 'billing', address = 'a@b.test') =>
        ledger.countDsn(application, address, ids[index] ?? '', 2)
      assert.deepEqual([await count(0), await count(0), await count(1), await count(2)], [true, true, true, false])
      assert.equal(await count(2, 'billing', 'A@B.test'), false)
      assert.deepEqual([await count(2, 'crm'), await count(2, 'billing', 'c@b.test')], [true, true])
      assert.equal(await count(1), true)
      if (!contract.advanceHours) return
      await contract.advanceHours(1)
      assert.equal(await count(2), true)
    })

    test('concurrent DSNs: not one more than allowed', async () => {
      const results = await Promise.all(Array.from({ length: 10 }, () => ledger.countDsn('app', 'a@b', newMessageId(), 3)))
      assert.equal(results.filter(Boolean).length, 3)
    })

    test('prune forgets what is old, also of derived ids, and nothing that was touched since', async () => {
      const derived = newMessageId().replace(/^(.{14})7/, '$18')
      const [old, touched] = [newMessageId(), newMessageId()]
      for (const id of [old, touched, derived]) await ledger.finish(id, a, [{ recipient: 0, attempt: 1, outcome: 'deferred' }])
      await contract.advance(600)
      await ledger.finish(touched, a, [{ recipient: 0, attempt: 2, outcome: 'delivered' }])
      const young = newMessageId()
      await ledger.markSplit(young)
      assert.equal(await ledger.prune(300), 2)
      for (const id of [old, derived]) assert.equal((await ledger.entries(id, [0])).size, 0)
      assert.equal((await ledger.entries(touched, [0])).size, 1)
      assert.equal(await ledger.wasSplit(young), true)
      assert.equal(await ledger.prune(300), 0)
    })
  })
}

function expect(entries: Map<number, LedgerEntry>, { recipient, attempt, outcome }: Finished): void {
  const before = entries.get(recipient)
  const isFinal = before !== undefined && before.outcome !== 'deferred'
  if (!isFinal && attempt > (before?.attempt ?? 0)) entries.set(recipient, { attempt, outcome })
}

const sorted = (entries: ReadonlyMap<number, LedgerEntry>) => [...entries].sort(([left], [right]) => left - right)
