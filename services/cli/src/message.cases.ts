/** A message that was traced, and one that is held. */
import type { Held, MailEvent } from '@sallyport/contracts'

export function eventsOf(id: string): MailEvent[] {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const head = { v: 1, id, application: 'billing', traceparent, at: 1_764_000_000_000 }
  const monitored = { mode: 'monitor' as const, action: 'reject' as const, rules: [] }
  return [
    {
      ...head,
      kind: 'settled',
      accepted: true,
      outcome: 'relay',
      reply: `250 2.6.0 accepted ${id}`,
      client: { address: '10.1.0.9', helo: 'app', authIdentity: 'billing' },
      sender: '',
      recipients: ['a@example.net'],
      headerFrom: ['invoices@example.com'],
      subject: 'Hello \u001b[31mred',
      contentBytes: 900,
      policyRevision: 1,
      tookMs: 3,
    },
    {
      ...head,
      kind: 'judged',
      annotations: [
        {
          v: 1,
          kind: 'annotation',
          id,
          check: 'domain',
          outcome: 'fail',
          reasons: [{ rule: 'domain.x', text: 'not ours', fix: 'use yours' }],
          policyRevision: 1,
          tookMs: 1,
          application: 'billing',
        },
      ],
      missing: ['spam'],
      verdict: {
        action: 'relay',
        decidedBy: [],
        wouldBe: { action: 'reject', by: ['domain'] },
        contributions: [
          { check: 'domain', outcome: 'fail', ...monitored },
          { check: 'spam', outcome: 'unavailable', ...monitored },
        ],
        policyRevision: 1,
      },
      replied: false,
      late: false,
      tookMs: 2,
    },
    {
      ...head,
      kind: 'attempted',
      attempt: 1,
      destination: 'default',
      nextHop: 'mx:25',
      recipients: [{ index: 0, address: 'a@example.net', result: 'delivered', reply: '250 ok' }],
      tookMs: 9,
    },
  ]
}

export function heldRow(id: string): Held {
  return {
    v: 1,
    kind: 'held',
    message: {
      id,
      application: 'billing',
      policyRevision: 1,
      traceparent: '',
      receivedAt: 1,
      client: { address: '10.1.0.9', helo: 'app' },
      sender: 'invoices@example.com',
      recipients: ['a', 'b'].map((name, index) => ({ index, address: `${name}@example.net` })),
    },
    content: { kind: 'stored', key: id, sha256: '0'.repeat(64), contentBytes: 900, headerBytes: 20 },
    cause: 'verdict',
    explanation: 'score 9',
    verdict: null,
    verifiedSender: 'yes',
    remaining: [0, 1],
    heldAt: 1_764_000_000_000,
    expiresAt: 1_765_000_000_000,
    onExpiry: 'drop',
  }
}
