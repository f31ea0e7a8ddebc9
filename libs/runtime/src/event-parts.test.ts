import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventCodec, eventSubject, type MailEvent, newMessageId } from '@sallyport/contracts'
import { eventParts } from './event-parts.ts'

const head = { v: 1, id: newMessageId(), application: 'news', traceparent: '', at: 1, attempt: 1 }
const results = (count: number, reply: string) =>
  Array.from({ length: count }, (_, index) => ({ index, address: `"${index}"@example.net`, result: 'bounced' as const, reply }))
const attempted = (count: number, reply: string): MailEvent => ({
  ...head,
  kind: 'attempted',
  destination: 'default',
  nextHop: 'mx.example.net:25',
  recipients: results(count, reply),
  tookMs: 1,
})

test('what fits a record stays one event', () => {
  for (const event of [attempted(1, 'x'.repeat(500)), attempted(1_000, '250 2.1.5 Ok')])
    assert.deepEqual(eventParts(event), [event])
})

test('more comes in parts that fit a record each, are events of their own, and say everything once, in order', () => {
  const bounced: MailEvent = {
    ...head,
    kind: 'bounced',
    dsnId: null,
    cause: 'x',
    recipients: results(4_000, '\u0001ä"'.repeat(80)),
  }
  for (const event of [attempted(1_000, `550 ${'no '.repeat(160)}`), bounced]) {
    const parts = eventParts(event)
    assert.ok(parts.length > 1)
    assert.equal(new Set(parts.map((part) => eventSubject(part).subject)).size, parts.length)
    assert.deepEqual(
      parts.flatMap((part) => ('dsnId' in part || part.kind === 'attempted' ? part.recipients : [])),
      'recipients' in event ? event.recipients : [],
    )
    for (const part of parts) {
      const bytes = eventCodec.encode(part)
      assert.ok(bytes.byteLength < 200 * 1024)
      assert.deepEqual(eventCodec.decode(Uint8Array.from(bytes)).record, part)
    }
  }
})
