import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type MailEvent, messageRecordSchema, newMessageId } from '@sallyport/contracts'
import { Compile } from 'typebox/compile'
import { assembleMessage } from './assemble-message.ts'
import { eventsOf } from './events.cases.ts'

const id = newMessageId()
const { settled, judged, annotated, attempted, hold } = eventsOf(id)
const accepted = settled()
const undecided = settled({ outcome: 'undecided' })
const schema = Compile(messageRecordSchema)

const states: readonly [string, readonly MailEvent[], string, readonly string[]][] = [
  ['judged only', [judged()], 'received', []],
  ['refused', [settled({ accepted: false, outcome: 'reject' }), judged()], 'refused', ['refused', 'refused']],
  ['accepted', [accepted, judged()], 'queued', ['waiting', 'waiting']],
  ['undecided', [undecided], 'undecided', ['waiting', 'waiting']],
  ['undecided and judged late', [undecided, judged({ late: true })], 'queued', ['waiting', 'waiting']],
  [
    'one deferred',
    [
      accepted,
      attempted(1, [
        [0, 'delivered'],
        [1, 'deferred'],
      ]),
    ],
    'deferred',
    ['delivered', 'deferred'],
  ],
  [
    'delivered in two attempts',
    [
      accepted,
      attempted(1, [
        [0, 'delivered'],
        [1, 'deferred'],
      ]),
      attempted(2, [[1, 'delivered']]),
    ],
    'delivered',
    ['delivered', 'delivered'],
  ],
  [
    'one bounced',
    [
      accepted,
      attempted(1, [
        [0, 'delivered'],
        [1, 'bounced'],
      ]),
    ],
    'failed',
    ['delivered', 'bounced'],
  ],
  ['one destination is through', [accepted, attempted(1, [[0, 'delivered']])], 'queued', ['delivered', 'waiting']],
  [
    'a repeat cannot undo a delivery',
    [accepted, attempted(1, [[0, 'delivered']]), attempted(2, [[0, 'deferred']])],
    'queued',
    ['delivered', 'waiting'],
  ],
  ['held', [accepted, hold('held')], 'held', ['held', 'held']],
  ['released', [accepted, hold('held', 1), hold('released', 2)], 'queued', ['waiting', 'waiting']],
  ['dropped', [accepted, hold('held', 1), hold('dropped', 2)], 'failed', ['dropped', 'dropped']],
  ['a DSN of our own', [attempted(1, [[0, 'delivered']])], 'delivered', ['delivered']],
]

test('an attempt that is told in parts is one attempt', () => {
  const first = attempted(1, [[0, 'delivered']])
  const second = attempted(1, [[1, 'bounced']], 1)
  const events = [accepted, first, second]
  const record = assembleMessage(events)
  assert.deepEqual(
    record?.attempts.map(({ recipients }) => recipients.map(({ index }) => index)),
    [[0, 1]],
  )
  assert.equal(record?.status, 'failed')
  assert.deepEqual(assembleMessage(events.toReversed()), record)
})

for (const [name, events, status, dispositions] of states) {
  test(`${name}: ${status}, in whatever order the events come`, () => {
    const record = assembleMessage(events)
    assert.equal(record?.status, status)
    assert.deepEqual(
      record?.recipients.map(({ disposition }) => disposition),
      dispositions,
    )
    assert.deepEqual([...schema.Errors(record)], [])
    assert.deepEqual(assembleMessage(events.toReversed()), record)
  })
}

test('the late judgement is the verdict, and late annotations fill the gaps', () => {
  const late = judged({ late: true, verdict: { ...structuredVerdict(), action: 'hold' }, at: 1_764_000_000_050 })
  const record = assembleMessage([undecided, judged({ missing: ['spam'] }), late, annotated('spam')])
  assert.equal(record?.verdict?.action, 'hold')
  assert.deepEqual(
    record?.judgements.map(({ late, missing }) => [late, missing]),
    [
      [false, ['spam']],
      [true, []],
    ],
  )
  assert.deepEqual(
    record?.annotations.map(({ check }) => check),
    ['spam'],
  )
})

test('reasons that travel by their rule are told in words, and what says itself stands', () => {
  const spam = {
    v: 1,
    kind: 'annotation',
    id,
    check: 'spam',
    outcome: 'fail',
    policyRevision: 1,
    tookMs: 1,
    application: 'billing',
  } as const
  const reasons = [
    { rule: 'spam.from-missing', evidence: { points: 3 } },
    { rule: 'spam.own', text: 'in its own words' },
  ]
  const [told] = assembleMessage([judged({ annotations: [{ ...spam, reasons }] })])?.annotations ?? []
  assert.match(told?.reasons[0]?.text ?? '', /From/)
  assert.ok(told?.reasons[0]?.fix && told.reasons[0].evidence?.reference)
  assert.deepEqual(told.reasons[1], reasons[1])
})

test('the envelope and the reply are those of ingress; nothing gives nothing', () => {
  const record = assembleMessage([accepted])
  assert.equal(record?.reply, `250 2.6.0 accepted ${id}`)
  assert.deepEqual([record?.envelope?.sender, record?.envelope?.subject], ['invoices@example.com', 'Invoice'])
  assert.equal(assembleMessage([]), undefined)
})

function structuredVerdict() {
  const event = judged()
  return event.kind === 'judged' ? event.verdict : assert.fail()
}
