/** Events of one message, as roles say them. */
import { eventCodec, type MailEvent } from '@sallyport/contracts'
import type { RecordedEvent } from './port.ts'

type EventOf<K extends MailEvent['kind']> = Extract<MailEvent, { kind: K }>

const verdict = {
  action: 'relay' as const,
  decidedBy: [],
  wouldBe: { action: 'relay' as const, by: [] },
  contributions: [],
  policyRevision: 7,
}

export function eventsOf(id: string, at = 1_764_000_000_000, application = 'billing') {
  const head = { v: 1, id, application, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', at }
  return {
    settled: (changes: Partial<EventOf<'settled'>> = {}): MailEvent => ({
      ...head,
      kind: 'settled',
      accepted: true,
      outcome: 'relay',
      reply: `250 2.6.0 accepted ${id}`,
      client: { address: '10.1.0.9', helo: 'app' },
      sender: 'invoices@example.com',
      recipients: ['a@example.net', 'b@example.org'],
      headerFrom: ['invoices@example.com'],
      subject: 'Invoice',
      contentBytes: 900,
      policyRevision: 7,
      tookMs: 3,
      ...changes,
    }),
    judged: (changes: Partial<EventOf<'judged'>> = {}): MailEvent => ({
      ...head,
      kind: 'judged',
      annotations: [],
      missing: [],
      verdict,
      replied: true,
      late: false,
      tookMs: 2,
      ...changes,
    }),
    annotated: (check: string): MailEvent => {
      const annotation = { v: 1, kind: 'annotation' as const, id, check, outcome: 'pass' as const, reasons: [], policyRevision: 7 }
      return { ...head, kind: 'annotated', annotation: { ...annotation, tookMs: 1, application } }
    },
    attempted: (
      attempt: number,
      results: readonly (readonly [number, 'delivered' | 'deferred' | 'bounced'])[],
      part?: number,
    ): MailEvent => ({
      ...head,
      at: at + attempt,
      kind: 'attempted',
      attempt,
      destination: 'default',
      nextHop: 'mx.example.com:25',
      recipients: results.map(([index, result]) => {
        return { index, address: ['a@example.net', 'b@example.org'][index] ?? '', result, reply: `${result} ${attempt}` }
      }),
      ...(part === undefined ? {} : { part }),
      tookMs: 9,
    }),
    hold: (kind: 'held' | 'released' | 'dropped', later = 1): MailEvent => ({
      ...head,
      at: at + later,
      kind,
      cause: 'verdict',
      by: kind === 'held' ? 'delivery' : 'ann',
    }),
  }
}

export function recorded(event: MailEvent, offset: number, partition = 0): RecordedEvent {
  return { event, json: eventCodec.encode(event).subarray(4), partition, offset }
}
