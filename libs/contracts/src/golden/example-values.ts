/** What the examples of several records hold: one message, its content and what was found on it. */
export const id = '01934f0e-7c3a-7000-8000-0123456789ab'
export const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
export const client = {
  address: '10.1.0.7',
  helo: 'app.example.com',
  authIdentity: 'billing',
  tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384',
}
export const message = {
  id,
  application: 'billing',
  policyRevision: 7,
  traceparent,
  receivedAt: 1_764_000_000_000,
  client,
  sender: 'invoices@example.com',
  body: '8BITMIME' as const,
  smtpUtf8: false,
  ret: 'HDRS' as const,
  envelopeId: 'QQ314159',
  recipients: [
    { index: 0, address: 'kunde@example.net', notify: ['FAILURE'], originalRecipient: 'rfc822;kunde@example.net' },
    { index: 1, address: 'buchhaltung@example.org' },
  ],
}
export const raw = Buffer.from('From: invoices@example.com\r\nSubject: Rechnung \u00fc\r\n\r\n\u0000\u00ff bytes\r\n', 'latin1')
export const inline = { kind: 'inline' as const, contentBytes: raw.length, headerBytes: 50 }
export const stored = {
  kind: 'stored' as const,
  key: '01/93/01934f0e',
  sha256: 'ab'.repeat(32),
  contentBytes: 1_000_000,
  headerBytes: 50,
}
export const verdict = {
  action: 'reject' as const,
  decidedBy: ['domain'],
  wouldBe: { action: 'reject' as const, by: ['domain', 'address'] },
  contributions: [
    { check: 'address', mode: 'monitor' as const, outcome: 'fail' as const, action: 'reject' as const, rules: ['address.unknown'] },
    {
      check: 'domain',
      mode: 'enforce' as const,
      outcome: 'fail' as const,
      action: 'reject' as const,
      rules: ['domain.envelope'],
      text: 'not ours',
    },
  ],
  policyRevision: 7,
}
export const annotation = {
  v: 1,
  kind: 'annotation' as const,
  id,
  check: 'domain',
  outcome: 'fail' as const,
  reasons: [
    {
      rule: 'domain.envelope',
      text: 'not ours',
      fix: 'use example.com',
      evidence: { domain: 'example.net', authorized: ['example.com'] },
    },
  ],
  policyRevision: 7,
  tookMs: 0.2,
  application: 'billing',
}
export const hmac = 'c2lnbmVk'
export const head = { v: 1, id, application: 'billing', traceparent, at: 1_764_000_000_100 }
export const results = [{ index: 0, address: 'kunde@example.net', result: 'delivered' as const, reply: '250 2.0.0 Ok' }]
