/** What roles say about messages. */
import { eventCodec } from '../index.ts'
import { type Example, example } from './example.ts'
import { annotation, client, head, id, message, raw, results, verdict } from './example-values.ts'

export const eventExamples: readonly Example[] = [
  example('event-settled', eventCodec, {
    ...head,
    kind: 'settled',
    accepted: true,
    outcome: 'relay',
    reply: `250 2.6.0 Queued as ${id}`,
    client,
    sender: message.sender,
    recipients: message.recipients.map((recipient) => recipient.address),
    headerFrom: ['invoices@example.com'],
    subject: 'Rechnung ü',
    messageId: '<1@example.com>',
    contentBytes: raw.length,
    policyRevision: 7,
    tookMs: 4.2,
  }),
  example('event-judged', eventCodec, {
    ...head,
    kind: 'judged',
    annotations: [annotation],
    missing: ['address'],
    verdict,
    replied: true,
    late: false,
    tookMs: 3.1,
  }),
  example('event-annotated', eventCodec, { ...head, kind: 'annotated', annotation }),
  example('event-attempted', eventCodec, {
    ...head,
    kind: 'attempted',
    attempt: 1,
    destination: 'default',
    nextHop: '127.0.0.1:25',
    tls: 'TLSv1.3',
    recipients: results,
    tookMs: 12,
  }),
  example('event-held', eventCodec, { ...head, kind: 'held', cause: 'verdict', by: 'delivery' }),
  example('event-bounced', eventCodec, {
    ...head,
    kind: 'bounced',
    attempt: 1,
    dsnId: null,
    cause: 'sender not verified',
    recipients: results,
  }),
]
