/** An event for tests. */
import type { MailEvent } from '@sallyport/contracts'

export function settledEvent(id: string, application = 'billing', at = 1_764_000_000_000): MailEvent {
  return {
    v: 1,
    id,
    application,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    at,
    kind: 'settled',
    accepted: true,
    outcome: 'relay',
    reply: `250 2.6.0 accepted ${id}`,
    client: { address: '10.1.0.9', helo: 'app' },
    sender: 'invoices@example.com',
    recipients: ['a@example.net'],
    headerFrom: ['invoices@example.com'],
    subject: 'Invoice',
    contentBytes: 900,
    policyRevision: 1,
    tookMs: 3,
  }
}
