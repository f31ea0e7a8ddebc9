/** Statistics, applications, identities, readiness and violations. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MailEvent } from '@sallyport/contracts'
import type { EventPage } from '../answers.ts'
import { recorded } from '../events.cases.ts'
import type { Records } from '../port.ts'
import type { RecordsContract } from '../records.contract.ts'
import { finding, idAt, type Story, told } from './stories.cases.ts'

const hour = 3_600_000
const day = 24 * hour
/** Midnight, UTC. */
const startAt = 20_416 * day

const wrong = { sender: 'noreply@elsewhere.example', from: ['noreply@elsewhere.example'] }
const pass = finding('domain', { outcome: 'pass' })
const stories: readonly Story[] = [
  {
    at: startAt + 1,
    checks: [pass],
    attempts: [
      [
        [0, 'delivered'],
        [1, 'bounced'],
      ],
    ],
  },
  { at: startAt + 2, ...wrong, checks: [finding('domain')] },
  {
    at: startAt + hour,
    ...wrong,
    messageId: '<again@x>',
    outcome: 'defer',
    checks: [finding('domain'), finding('spam', { action: 'hold' })],
  },
  {
    at: startAt + 2 * hour,
    ...wrong,
    messageId: '<again@x>',
    outcome: 'reject',
    checks: [finding('domain'), finding('spam', { action: 'hold' })],
  },
  { at: startAt + day, ...wrong, sender: 'Other@elsewhere.example', checks: [finding('domain', { mode: 'enforce' })] },
  { at: startAt + day, checks: [finding('domain', { outcome: 'unavailable', action: 'defer' })] },
  {
    at: startAt + day,
    application: 'crm',
    from: ['a@crm.example', 'b@crm.example'],
    recipients: ['x@example.net'],
    checks: [pass],
  },
]

async function filled(contract: RecordsContract): Promise<Records> {
  const records = await contract.open(() => startAt + 3 * day)
  const events = stories.flatMap((story) => told(story).events)
  await records.append(events.map((event, index) => recorded(event, index)))
  return records
}

export function answersContract(contract: RecordsContract): void {
  test('statistics: messages by application, verdict, hour and day', async () => {
    const records = await filled(contract)
    const all = {
      messages: 7,
      distinct: 6,
      accepted: 5,
      wouldRefuse: 3,
      recipients: 13,
      delivered: 1,
      failed: 1,
      contentBytes: 7 * 900,
    }
    assert.deepEqual((await records.statistics({ of: 'messages', by: [] })).rows, [all])
    const byVerdict = (await records.statistics({ of: 'messages', by: ['application', 'verdict'] })).rows
    assert.deepEqual(
      byVerdict.map(({ application, verdict, messages, distinct }) => [application, verdict, messages, distinct]),
      [
        ['billing', 'defer', 1, 1],
        ['billing', 'reject', 1, 0],
        ['billing', 'relay', 4, 4],
        ['crm', 'relay', 1, 1],
      ],
    )
    const byDay = (await records.statistics({ of: 'messages', by: [], step: 'day', application: 'billing' })).rows
    assert.deepEqual(
      byDay.map(({ at, messages }) => [at, messages]),
      [
        [startAt, 4],
        [startAt + day, 2],
      ],
    )
    const byHour = (
      await records.statistics({ of: 'messages', by: [], step: 'hour', since: startAt + hour + 5, until: startAt + 2 * hour + 1 })
    ).rows
    assert.deepEqual(
      byHour.map(({ at, messages, distinct }) => [at, messages, distinct]),
      [
        [startAt + hour, 1, 1],
        [startAt + 2 * hour, 1, 0],
      ],
    )
    assert.deepEqual((await records.statistics({ of: 'messages', by: [], since: startAt + 9 * day })).rows, [])
    await records.close()
  })

  test('statistics: findings of checks by check, mode and outcome; a repeat is not distinct', async () => {
    const records = await filled(contract)
    const rows = (await records.statistics({ of: 'checks', by: ['check', 'mode', 'outcome'], application: 'billing' })).rows
    assert.deepEqual(rows, [
      { check: 'domain', mode: 'enforce', outcome: 'fail', messages: 1, distinct: 1 },
      { check: 'domain', mode: 'monitor', outcome: 'fail', messages: 3, distinct: 2 },
      { check: 'domain', mode: 'monitor', outcome: 'pass', messages: 1, distinct: 1 },
      { check: 'domain', mode: 'monitor', outcome: 'unavailable', messages: 1, distinct: 1 },
      { check: 'spam', mode: 'monitor', outcome: 'fail', messages: 2, distinct: 1 },
    ])
    assert.deepEqual((await records.statistics({ of: 'checks', by: ['outcome', 'action'], check: 'spam' })).rows, [
      { outcome: 'fail', action: 'hold', messages: 2, distinct: 1 },
    ])
    await records.close()
  })

  test('applications by volume, with what they violate, and what they send as', async () => {
    const records = await filled(contract)
    const { applications } = await records.applications({ since: startAt, until: startAt + 2 * day })
    assert.deepEqual(applications, [
      {
        application: 'billing',
        messages: 6,
        distinct: 5,
        accepted: 4,
        wouldRefuse: 3,
        recipients: 12,
        delivered: 1,
        failed: 1,
        contentBytes: 6 * 900,
        refused: 2,
        held: 0,
        firstAt: startAt,
        lastAt: startAt + day,
        violations: [
          { check: 'domain', mode: 'enforce', messages: 1, distinct: 1 },
          { check: 'domain', mode: 'monitor', messages: 3, distinct: 2 },
          { check: 'spam', mode: 'monitor', messages: 2, distinct: 1 },
        ],
      },
      {
        application: 'crm',
        messages: 1,
        distinct: 1,
        accepted: 1,
        wouldRefuse: 0,
        recipients: 1,
        delivered: 0,
        failed: 0,
        contentBytes: 900,
        refused: 0,
        held: 0,
        firstAt: startAt + day,
        lastAt: startAt + day,
        violations: [],
      },
    ])
    const billing = await records.identities({ application: 'billing', limit: 2 })
    assert.deepEqual(billing.senders, [
      { address: 'noreply@elsewhere.example', messages: 3, lastAt: startAt },
      { address: 'invoices@example.com', messages: 2, lastAt: startAt + day },
    ])
    assert.deepEqual(billing.senderDomains, [
      { address: 'elsewhere.example', messages: 4, lastAt: startAt + day },
      { address: 'example.com', messages: 2, lastAt: startAt + day },
    ])
    const crm = await records.identities({ application: 'crm', since: startAt + day })
    assert.deepEqual(crm.from, [
      { address: 'a@crm.example', messages: 1, lastAt: startAt + day },
      { address: 'b@crm.example', messages: 1, lastAt: startAt + day },
    ])
    assert.deepEqual(crm.fromDomains, [{ address: 'crm.example', messages: 2, lastAt: startAt + day }])
    await records.close()
  })

  test('readiness: what each check saw, what it would have done by day, and what to mend', async () => {
    const records = await filled(contract)
    const { since, until, checks } = await records.readiness({ application: 'billing' })
    assert.deepEqual([since, until], [startAt - 4 * day, startAt + 3 * day])
    const [domain, spam] = checks
    assert.ok(domain && spam && checks.length === 2)
    const { violations, ...counted } = domain
    const of = (messages: number, distinct: number, refused: number, held = 0, deferred = 0) => {
      return { messages, distinct, wouldReject: refused, wouldHold: held, wouldDefer: deferred }
    }
    assert.deepEqual(counted, {
      check: 'domain',
      watchedDays: 2,
      watchedSince: startAt,
      pass: 1,
      fail: 4,
      unavailable: 1,
      ...of(6, 5, 3, 0, 1),
      byDay: [
        { day: startAt, ...of(4, 3, 2) },
        { day: startAt + day, ...of(2, 2, 1, 0, 1) },
      ],
      moreViolations: false,
    })
    assert.deepEqual(
      violations.map(({ identity, rule, enforced, messages, distinct }) => [identity, rule, enforced, messages, distinct]),
      [
        ['noreply@elsewhere.example', 'domain.not-ours', 0, 3, 2],
        ['other@elsewhere.example', 'domain.not-ours', 1, 1, 1],
      ],
    )
    const { samples, told } = violations[0] ?? assert.fail()
    assert.deepEqual(told, {
      text: 'what domain.not-ours found',
      fix: 'how to fix domain.not-ours',
      from: wrong.from,
      subject: 'Invoice',
    })
    assert.equal(samples.length, 3)
    assert.deepEqual(samples.toSorted().reverse(), samples)
    for (const id of samples) assert.equal((await records.message(id))?.envelope?.sender, wrong.sender)
    assert.deepEqual([spam.wouldHold, spam.wouldReject, spam.fail], [1, 0, 2])
    const later = await records.readiness({ application: 'billing', check: 'domain', since: startAt + day, violations: 0 })
    assert.deepEqual(
      later.checks.map(({ check, fail, violations, moreViolations }) => [check, fail, violations.length, moreViolations]),
      [['domain', 1, 0, true]],
    )
    assert.deepEqual((await records.readiness({ application: 'nobody' })).checks, [])
    await records.close()
  })

  test('violations of the applications of an owner since a time', async () => {
    const records = await filled(contract)
    const { violations, more } = await records.violations({ applications: ['billing', 'crm'], since: startAt + hour })
    assert.equal(more, false)
    assert.deepEqual(
      violations.map(({ check, identity, messages, wouldReject, wouldHold, firstAt, lastAt }) => {
        return [check, identity, messages, wouldReject, wouldHold, firstAt, lastAt]
      }),
      [
        ['domain', 'other@elsewhere.example', 1, 1, 0, startAt + day, startAt + day],
        ['domain', 'noreply@elsewhere.example', 2, 1, 0, startAt + hour, startAt + 2 * hour],
        ['spam', 'noreply@elsewhere.example', 2, 0, 1, startAt + hour, startAt + 2 * hour],
      ],
    )
    const byRule = (await records.violations({ by: 'rule', applications: ['billing'] })).violations
    assert.deepEqual(
      byRule.map(({ rule, identity, messages, distinct, enforced }) => [rule, identity, messages, distinct, enforced]),
      [
        ['domain.not-ours', null, 4, 3, 1],
        ['spam.not-ours', null, 2, 1, 0],
      ],
    )
    assert.deepEqual(await records.violations({ applications: [] }), { violations: [], more: false })
    assert.equal((await records.violations({ limit: 1 })).more, true)
    await records.close()
  })

  test('a backup has every event, and fills another store alike', async () => {
    const records = await filled(contract)
    const before = [
      await records.statistics({ of: 'checks', by: ['application', 'action'], step: 'hour' }),
      await records.messages({}),
    ]
    const events: MailEvent[] = []
    for (let after: string | null | undefined; after !== null; ) {
      const page: EventPage = await records.events({ after, limit: 6 })
      assert.ok(page.events.length <= 12)
      events.push(...page.events.map((text): MailEvent => JSON.parse(text)))
      after = page.next
    }
    await records.close()
    assert.equal(events.length, stories.flatMap((story) => told(story).events).length)
    const another = await contract.open(() => startAt + 3 * day)
    await another.append(events.map((event) => ({ ...recorded(event, 0), partition: null })))
    assert.deepEqual(
      [await another.statistics({ of: 'checks', by: ['application', 'action'], step: 'hour' }), await another.messages({})],
      before,
    )
    assert.equal((await another.positions()).size, 0)
    await another.close()
  })

  test('the state: how much is kept, and from when', async () => {
    const empty = await contract.open(Date.now)
    const { bytes, ...none } = await empty.state()
    assert.deepEqual([none.messages, none.oldestAt, none.newestAt], [0, null, null])
    assert.ok(bytes > 0)
    await empty.append([recorded(told({ at: startAt + 7 }, idAt(startAt + 7)).events[0] ?? assert.fail(), 1)])
    const state = await empty.state()
    assert.deepEqual([state.messages, state.oldestAt, state.newestAt], [1, startAt + 7, startAt + 7])
    await empty.close()
  })
}
