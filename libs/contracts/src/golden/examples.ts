/** One example of every record, from which the golden files are written (`node libs/contracts/src/golden/write.ts`). */
import {
  annotationCodec,
  type Codec,
  commandCodec,
  deadCodec,
  decidedCodec,
  eventCodec,
  heldCodec,
  jobCodec,
  keptTraceCodec,
  orderCodec,
  policyTopicCodec,
  processCodec,
  receivedCodec,
  replyCodec,
} from '../index.ts'

const id = '01934f0e-7c3a-7000-8000-0123456789ab'
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const client = { address: '10.1.0.7', helo: 'app.example.com', authIdentity: 'billing', tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384' }
const message = {
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
const raw = Buffer.from('From: invoices@example.com\r\nSubject: Rechnung \u00fc\r\n\r\n\u0000\u00ff bytes\r\n', 'latin1')
const inline = { kind: 'inline' as const, contentBytes: raw.length, headerBytes: 50 }
const stored = { kind: 'stored' as const, key: '01/93/01934f0e', sha256: 'ab'.repeat(32), contentBytes: 1_000_000, headerBytes: 50 }
const verdict = {
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
const annotation = {
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
const hmac = 'c2lnbmVk'
const head = { v: 1, id, application: 'billing', traceparent, at: 1_764_000_000_100 }
const results = [{ index: 0, address: 'kunde@example.net', result: 'delivered' as const, reply: '250 2.0.0 Ok' }]

interface Example {
  readonly name: string
  // The codec belongs to the record beside it; a table of all of them can only say `unknown`.
  readonly codec: Codec<never>
  readonly record: object
  readonly bytes?: Uint8Array
}

function example<T extends object>(name: string, codec: Codec<T>, record: T, bytes?: Uint8Array): Example {
  return { name, codec: codec as unknown as Codec<never>, record, ...(bytes ? { bytes } : {}) }
}

export const examples: readonly Example[] = [
  example(
    'received',
    receivedCodec,
    {
      v: 1,
      kind: 'received',
      message,
      content: inline,
      checks: ['address', 'domain'],
      budgetMs: 20_000,
      annotateTo: { topic: 'mail.annotations', partition: 3 },
    },
    raw,
  ),
  example('opened', annotationCodec, {
    v: 1,
    kind: 'opened',
    id,
    application: 'billing',
    policyRevision: 7,
    traceparent,
    checks: ['address', 'domain'],
    budgetMs: 20_000,
    replyTo: { channel: 'r-5f2c' },
    hmac,
  }),
  example('annotation', annotationCodec, annotation),
  example(
    'undecided',
    annotationCodec,
    { v: 1, kind: 'undecided', id, message, content: stored, checks: ['domain'], acceptedAt: 1_764_000_020_000, hmac },
    raw,
  ),
  example('verdict', annotationCodec, { v: 1, kind: 'verdict', id, verdict: { ...verdict, late: true }, hmac }),
  example('reply', replyCodec, { v: 1, id, verdict, hmac }),
  example(
    'decided',
    decidedCodec,
    {
      v: 1,
      kind: 'decided',
      message,
      content: inline,
      verdict: { ...verdict, action: 'relay', decidedBy: [] },
      verifiedSender: 'yes',
      acceptedAt: 1_764_000_000_050,
      origin: 'ingress',
    },
    raw,
  ),
  example(
    'job',
    jobCodec,
    {
      v: 1,
      kind: 'job',
      message,
      content: inline,
      verifiedSender: 'yes',
      class: 'normal',
      destination: 'default',
      remaining: [1],
      attempt: 2,
      acceptedAt: 1_764_000_000_050,
      expiresAt: 1_764_432_000_050,
      dueAt: 1_764_000_060_050,
      lastReply: '451 4.3.0 try again',
    },
    raw,
  ),
  example(
    'held',
    heldCodec,
    {
      v: 1,
      kind: 'held',
      message,
      content: stored,
      cause: 'late-reject',
      explanation: 'the verdict came after acceptance',
      verdict,
      verifiedSender: 'no',
      remaining: [0, 1],
      heldAt: 1_764_000_030_000,
      expiresAt: 1_765_209_630_000,
      onExpiry: 'drop',
    },
    raw,
  ),
  example('command', commandCodec, { v: 1, kind: 'release', id, by: 'anna', reason: 'known customer', at: 1_764_000_040_000 }),
  example('order', orderCodec, {
    v: 1,
    kind: 'pause',
    orderId: 'o-1',
    match: { destination: 'default' },
    by: 'anna',
    reason: 'maintenance there',
    at: 1_764_000_040_000,
    expiresAt: 1_764_003_640_000,
  }),
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
  example('policy', policyTopicCodec, {
    v: 1,
    kind: 'policy',
    revision: 7,
    author: 'anna',
    reason: 'enforce domain',
    at: 1_764_000_000_000,
    document: { organization: { name: 'Example', domains: ['example.com'] } },
  }),
  example('directory', policyTopicCodec, {
    v: 1,
    kind: 'directory',
    name: 'staff',
    revision: 'r9',
    snapshot: 'directories/staff-r9',
    entries: 1_000_000,
    at: 1_764_000_000_000,
  }),
  example('process', processCodec, {
    v: 1,
    kind: 'process',
    instance: 'host-4711-0a1b2c3d',
    roles: ['spam-scoring', 'verdict'],
    startedAt: 1_764_000_000_000,
    at: 1_764_000_600_000,
    everyMs: 10_000,
  }),
  example('kept-trace', keptTraceCodec, { v: 1, kind: 'kept-trace', instance: 'host-4711-0a1b2c3d', at: 1_764_000_000_000 }),
  example(
    'dead',
    deadCodec,
    {
      v: 1,
      kind: 'dead',
      topic: 'mail.received',
      partition: 2,
      offset: 41,
      key: id,
      group: 'check-domain',
      reason: 'not JSON',
      at: 1_764_000_000_000,
    },
    raw,
  ),
]
