import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageRecord } from '@sallyport/contracts'
import { timelineOf } from './timeline.ts'

const id = '0198a7c2-7b1e-7000-8000-00000000000a'
const verdict = {
  action: 'relay',
  decidedBy: [],
  wouldBe: { action: 'reject', by: ['address'] },
  contributions: [],
  policyRevision: 3,
} as const
const recipient = { index: 0, address: 'a@example.net' }

const record: MessageRecord = {
  id,
  application: 'billing',
  traceparent: '',
  firstSeenAt: 1_000,
  status: 'delivered',
  envelope: {
    client: { address: '10.1.0.9', helo: 'app', authIdentity: 'billing', tls: 'TLSv1.3' },
    sender: 'x@example.com',
    recipients: ['a@example.net'],
    headerFrom: ['x@example.com'],
    contentBytes: 2048,
    policyRevision: 3,
  },
  settled: { at: 1_050, accepted: true, outcome: 'relay', tookMs: 40 },
  reply: `250 2.6.0 accepted ${id}`,
  annotations: [
    {
      v: 1,
      kind: 'annotation',
      id,
      check: 'spam',
      outcome: 'fail',
      score: 9,
      reasons: [],
      policyRevision: 3,
      tookMs: 2,
      application: 'billing',
    },
  ],
  verdict: null,
  judgements: [
    {
      at: 1_040,
      verdict: { ...verdict, decidedBy: [], wouldBe: { action: 'reject', by: ['address'] }, contributions: [] },
      missing: ['throttle'],
      replied: true,
      late: false,
      tookMs: 5,
    },
  ],
  attempts: [
    {
      at: 9_000,
      attempt: 2,
      destination: 'default',
      nextHop: 'mx:25',
      recipients: [{ ...recipient, result: 'delivered', reply: '250 ok' }],
      tookMs: 7,
    },
    {
      at: 2_000,
      attempt: 1,
      destination: 'default',
      nextHop: '',
      recipients: [{ ...recipient, result: 'deferred', reply: '451 later' }],
      nextAttemptAt: 8_000,
      tookMs: 7,
    },
  ],
  recipients: [{ ...recipient, disposition: 'delivered', attempt: 2, reply: '250 ok' }],
  holds: [],
  bounces: [],
}

test('a life goes from the connection over the checks to the last attempt, in the order of time', () => {
  assert.deepEqual(
    timelineOf(record).map(({ title, tone }) => [title, tone]),
    [
      ['Connected', 'accent'],
      ['Sent the message', 'accent'],
      ['spam: fail, score 9', 'bad'],
      ['Verdict: relay', 'good'],
      ['Accepted', 'good'],
      ['Attempt 1, default: deferred', 'warn'],
      ['Attempt 2, default: delivered', 'good'],
    ],
  )
})

test('a verdict tells what watched checks would have done, and who did not answer', () => {
  const lines = timelineOf(record).find(({ title }) => title.startsWith('Verdict'))?.lines
  assert.deepEqual(lines, [
    'no enforced check objects',
    'with every check enforced: reject by address',
    'did not answer in time: throttle',
  ])
})

test('a message of our own has no connection; holds and bounces have their place', () => {
  const steps = timelineOf({
    ...record,
    envelope: null,
    settled: null,
    annotations: [],
    judgements: [],
    attempts: [],
    holds: [
      { kind: 'held', at: 5, cause: 'spam', by: 'delivery' },
      { kind: 'dropped', at: 9, cause: 'spam', by: 'anna' },
    ],
    bounces: [{ at: 7, attempt: 1, dsnId: null, cause: 'unverified sender', recipients: [] }],
  })
  assert.deepEqual(
    steps.map(({ title }) => title),
    ['Held in quarantine', 'No bounce was sent: the owner is told instead', 'Dropped'],
  )
})
