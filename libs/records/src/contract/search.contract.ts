/** Pages of messages. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recorded } from '../events.cases.ts'
import type { Records } from '../port.ts'
import type { MessageQuery } from '../questions.ts'
import type { RecordsContract } from '../records.contract.ts'
import { finding, type Story, told } from './stories.cases.ts'

const startAt = 1_764_000_000_000

/** All pages of a search. */
async function walk(records: Records, query: MessageQuery): Promise<string[]> {
  const ids: string[] = []
  for (let cursor: string | undefined; ; ) {
    const { messages, next } = await records.messages({ ...query, ...(cursor === undefined ? {} : { cursor }) })
    assert.ok(messages.length <= (query.limit ?? 50))
    ids.push(...messages.map(({ id }) => id))
    if (next === null) return ids
    cursor = next
  }
}

const hasBounced = (index: number): boolean => [7, 22, 37].includes(index)
const stories: readonly Story[] = Array.from({ length: 60 }, (_, index): Story => {
  const application = index % 5 === 0 ? 'crm' : 'billing'
  const failed = index % 3 === 0
  return {
    at: startAt + Math.floor(index / 3),
    application,
    sender: index % 2 === 0 ? 'Invoices@Example.com' : 'crm@example.com',
    ...(index % 6 === 1 ? { from: ['Shop@example.org', 'b@example.org'] } : { from: [] }),
    ...(hasBounced(index) ? { attempts: [[[0, 'bounced'] as const]] } : {}),
    recipients: index % 4 === 0 ? ['Jane@Example.net', 'jane@example.net', `r${index}@example.org`] : [`r${index}@example.org`],
    outcome: failed && index % 2 === 0 ? 'reject' : 'relay',
    messageId: `<m${index % 10}@example.com>`,
    checks: [
      finding('domain', failed ? {} : { outcome: 'pass' }),
      finding('spam', { outcome: index % 7 === 0 ? 'unavailable' : 'pass' }),
    ],
  }
})

type Case = readonly [name: string, query: MessageQuery, fits: (story: Story, index: number) => boolean]
const isFailed = (index: number): boolean => index % 3 === 0
const cases: readonly Case[] = [
  ['everything', {}, () => true],
  ['application', { application: 'crm' }, ({ application }) => application === 'crm'],
  ['sender in any case', { sender: 'INVOICES@example.com' }, (_, index) => index % 2 === 0],
  ['recipient in any case', { recipient: 'JANE@example.net' }, (_, index) => index % 4 === 0],
  ['sender in From', { sender: 'shop@example.org' }, (_, index) => index % 6 === 1],
  ['sender domain', { sender: '@Example.org' }, (_, index) => index % 6 === 1],
  ['recipient domain', { recipient: '@example.net' }, (_, index) => index % 4 === 0],
  ['recipient domain and sender domain', { recipient: '@example.org', sender: '@example.org' }, (_, index) => index % 6 === 1],
  ['status that is rare', { status: 'failed' }, (_, index) => hasBounced(index)],
  ['status that is common', { status: 'refused' }, ({ outcome }) => outcome === 'reject'],
  ['status and application', { status: 'failed', application: 'crm' }, () => false],
  ['would have been refused', { verdict: 'would-refuse' }, ({ outcome }, index) => isFailed(index) && outcome === 'relay'],
  [
    'would have been refused, of an application',
    { verdict: 'would-refuse', application: 'crm' },
    ({ outcome, application }, index) => isFailed(index) && outcome === 'relay' && application === 'crm',
  ],
  [
    'would have been refused, by check',
    { verdict: 'would-refuse', check: 'domain' },
    ({ outcome }, index) => isFailed(index) && outcome === 'relay',
  ],
  ['check that failed', { check: 'domain' }, (_, index) => isFailed(index)],
  ['check that could not judge', { check: 'spam', outcome: 'unavailable' }, (_, index) => index % 7 === 0],
  ['check that never failed', { check: 'spam' }, () => false],
  ['verdict', { verdict: 'reject' }, ({ outcome }) => outcome === 'reject'],
  ['Message-ID', { messageId: '<m3@example.com>' }, (_, index) => index % 10 === 3],
  ['since', { since: startAt + 6 }, ({ at }) => at >= startAt + 6],
  ['until', { until: startAt + 6 }, ({ at }) => at < startAt + 6],
  ['a period', { since: startAt + 3, until: startAt + 6 }, ({ at }) => at >= startAt + 3 && at < startAt + 6],
  ['an empty period', { since: startAt + 6, until: startAt + 6 }, () => false],
  [
    'application and verdict',
    { application: 'billing', verdict: 'relay' },
    ({ application, outcome }) => application === 'billing' && outcome === 'relay',
  ],
  [
    'application and check',
    { application: 'crm', check: 'domain' },
    ({ application }, index) => application === 'crm' && isFailed(index),
  ],
  ['sender and recipient', { sender: 'invoices@example.com', recipient: 'jane@example.net' }, (_, index) => index % 4 === 0],
  ['recipient and check', { recipient: 'jane@example.net', check: 'domain' }, (_, index) => index % 12 === 0],
  ['sender, check and verdict', { sender: 'crm@example.com', check: 'domain', verdict: 'relay' }, (_, index) => index % 6 === 3],
  ['Message-ID and application', { messageId: '<m5@example.com>', application: 'crm' }, (_, index) => index % 10 === 5],
  [
    'Message-ID, recipient and sender',
    { messageId: '<m4@example.com>', recipient: 'jane@example.net', sender: 'invoices@example.com' },
    (_, index) => index % 20 === 4,
  ],
  [
    'recipient, application and period',
    { recipient: 'jane@example.net', application: 'crm', since: startAt + 1 },
    (_, index) => index % 20 === 0 && index > 2,
  ],
]

export function searchContract(contract: RecordsContract): void {
  test('search: the newest first, each message once, whatever is asked for', async (context) => {
    const records = await contract.open(Date.now)
    const messages = stories.map((story, index) => ({ story, index, ...told(story) }))
    await records.append(messages.flatMap(({ events }, index) => events.map((event) => recorded(event, index))))
    for (const [name, query, fits] of cases) {
      await context.test(name, async () => {
        const expected = messages.filter(({ story, index }) => fits(story, index)).map(({ id }) => id)
        assert.deepEqual(await walk(records, { ...query, limit: 4 }), expected.sort().reverse())
      })
    }
    await context.test('the id begins so', async () => {
      const [one] = messages
      const id = one?.id ?? ''
      assert.deepEqual(await walk(records, { id: id.slice(0, 21).toUpperCase() }), [id])
      assert.deepEqual(await walk(records, { id }), [id])
      assert.equal((await walk(records, { id: id.slice(0, 9) })).length, 60)
      assert.deepEqual(await walk(records, { id: 'ffff' }), [])
    })
    await context.test('a line tells what the message was, and a cursor of others starts at the newest', async () => {
      const { messages: lines } = await records.messages({
        limit: 1,
        cursor: 'no cursor of ours',
        application: 'crm',
        check: 'domain',
      })
      const { id: _, ...line } = lines[0] ?? assert.fail()
      assert.deepEqual(line, {
        application: 'crm',
        firstSeenAt: startAt + 15,
        status: 'queued',
        verdict: 'relay',
        action: 'relay',
        wouldBe: 'reject',
        violations: ['domain'],
        sender: 'crm@example.com',
        recipients: ['r45@example.org'],
        recipientCount: 1,
        subject: 'Invoice',
        contentBytes: 900,
      })
    })
    await records.close()
  })
}
