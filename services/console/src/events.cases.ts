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

/** The domain check is watched: `fail` would have been rejected. */
export function judgedEvent(
  id: string,
  application = 'billing',
  at = 1_764_000_000_000,
  outcome: 'pass' | 'fail' = 'fail',
): MailEvent {
  const isBad = outcome === 'fail'
  const reasons = isBad
    ? [{ rule: 'domain.envelope-not-authorized', text: 'not ours', fix: 'write ours', evidence: { domain: 'x.example' } }]
    : []
  return {
    v: 1,
    id,
    application,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    at,
    kind: 'judged',
    annotations: [{ v: 1, kind: 'annotation', id, check: 'domain', outcome, reasons, policyRevision: 1, tookMs: 1, application }],
    missing: [],
    verdict: {
      action: 'relay',
      decidedBy: [],
      wouldBe: isBad ? { action: 'reject', by: ['domain'] } : { action: 'relay', by: [] },
      contributions: [
        {
          check: 'domain',
          mode: 'monitor',
          outcome,
          action: isBad ? 'reject' : 'relay',
          rules: reasons.map(({ rule }) => rule),
          ...(isBad ? { text: 'not ours' } : {}),
        },
      ],
      policyRevision: 1,
    },
    replied: false,
    late: false,
    tookMs: 2,
  }
}

/** The same message as `judgedEvent`, refused by an enforced check. */
export function refusedEvents(id: string, application = 'billing', at = 1_764_000_000_000): MailEvent[] {
  const settled = settledEvent(id, application, at)
  const judged = judgedEvent(id, application, at)
  if (settled.kind !== 'settled' || judged.kind !== 'judged') throw new Error('they are of another kind')
  const verdict = {
    ...judged.verdict,
    action: 'reject' as const,
    decidedBy: ['domain'],
    contributions: judged.verdict.contributions.map((one) => ({ ...one, mode: 'enforce' as const })),
  }
  return [
    { ...settled, accepted: false, outcome: 'reject', reply: `550 5.7.1 not ours (domain.envelope-not-authorized) ${id}` },
    { ...judged, verdict, replied: true },
  ]
}
