/** Events of mail as organizations send it, for figures of the records: the same for the same number. */
import { eventCodec, type MailEvent, withMessageIdTime } from '@sallyport/contracts'
import type { RecordedEvent } from '@sallyport/records'

/** Share of each application, how it sends, and what is wrong with it in one of `wrongIn` messages. */
const applications = [
  { name: 'marketing', share: 30, senders: 3, check: 'spam', wrongIn: 9 },
  { name: 'billing', share: 20, senders: 4, check: 'address', wrongIn: 40 },
  { name: 'crm', share: 15, senders: 200, check: 'domain', wrongIn: 12 },
  { name: 'shop', share: 15, senders: 5, check: 'throttle', wrongIn: 50 },
  { name: 'monitoring', share: 10, senders: 40, check: 'address', wrongIn: 4 },
  ...Array.from({ length: 15 }, (_, index) => ({
    name: `app-${index}`,
    share: 1,
    senders: 3,
    check: 'domain',
    wrongIn: 30 + index,
  })),
]
const checks = ['domain', 'address', 'spam', 'throttle'] as const
const lottery = applications.flatMap((application) => Array.from({ length: application.share }, () => application))
const people = 400_000
const domains = [
  'example.net',
  'mail.example.net',
  'post.example.org',
  ...Array.from({ length: 2_000 }, (_, index) => `d${index}.example`),
]

/** A whole number below `below` from a number: spread evenly (murmur3's finish). */
function spread(seed: number, below: number): number {
  let hash = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) % below
}

/** Few get much, many little. */
const skewed = (seed: number, below: number): number => Math.floor(below * (spread(seed, 10_000) / 10_000) ** 3)

export function addressOfPerson(person: number): string {
  const domain = domains[person % 10 < 6 ? person % 3 : 3 + (person % 2_000)] ?? 'example.net'
  return `person${person}@${domain}`
}

export const idOf = (index: number, at: number): string => {
  const hex = [spread(index, 2 ** 31), spread(index + 7, 2 ** 31)].map((part) => part.toString(16).padStart(8, '0')).join('')
  return withMessageIdTime(`00000000-0000-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(4, 16)}`, at)
}

export interface Told {
  readonly id: string
  readonly application: string
  readonly sender: string
  readonly recipient: string
  readonly messageId: string
  readonly events: readonly MailEvent[]
}

/** The message of this number, received at this time: three events, as judged, settled and attempted. */
export function message(index: number, at: number): Told {
  const application = lottery[spread(index, lottery.length)] ?? applications[0]
  if (!application) throw new Error('no application')
  const { name } = application
  const id = idOf(index, at)
  const isWrong = spread(index + 1, application.wrongIn) === 0
  const isEnforced = name === 'billing' || name === 'crm'
  const isRefused = isWrong && isEnforced
  const sender = `${name}${spread(index + 2, application.senders)}@${isWrong && application.check === 'domain' ? 'elsewhere.example' : `${name}.example.com`}`
  const count = spread(index + 3, 20) === 0 ? 5 : 1
  const recipients = Array.from({ length: count }, (_, one) => addressOfPerson(skewed(index * 5 + one, people)))
  const messageId = `<${index.toString(36)}.${spread(index + 4, 2 ** 30).toString(36)}@${name}.example.com>`
  const traceparent = `00-${id.replaceAll('-', '')}-${id.slice(-12)}abcd-01`
  const head = { v: 1, id, application: name, traceparent }
  const rule = `${application.check}.not-authorized`
  const annotations = checks.map((check) => ({
    v: 1,
    kind: 'annotation' as const,
    id,
    check,
    outcome: isWrong && check === application.check ? ('fail' as const) : ('pass' as const),
    ...(check === 'spam' ? { score: spread(index, 100) / 20 } : {}),
    reasons:
      isWrong && check === application.check
        ? [
            {
              rule,
              text: `${sender} may not be used by ${name}: it is not among its senders`,
              fix: 'ask the mail team to add it',
              evidence: { sender },
            },
          ]
        : check === 'spam'
          ? [
              {
                rule: 'lint.list-unsubscribe-missing',
                text: 'looks like bulk mail without List-Unsubscribe',
                fix: 'add it (RFC 8058)',
                evidence: { score: 0.4 },
              },
            ]
          : [],
    policyRevision: 12,
    directoryRevision: 'r17',
    tookMs: spread(index, 3_000) / 1_000,
    application: name,
  }))
  const contributions = annotations.map(({ check, outcome, reasons }) => ({
    check,
    mode: isEnforced ? ('enforce' as const) : ('monitor' as const),
    outcome,
    action: outcome === 'fail' ? ('reject' as const) : ('relay' as const),
    rules: reasons.map((reason) => reason.rule),
  }))
  const action = isRefused ? ('reject' as const) : ('relay' as const)
  const wouldBe = isWrong ? ('reject' as const) : ('relay' as const)
  const by = isWrong ? [application.check] : []
  const verdict = { action, decidedBy: isRefused ? by : [], wouldBe: { action: wouldBe, by }, contributions, policyRevision: 12 }
  const reply = isRefused ? `550 5.7.1 ${rule}: ${sender} may not be used by ${name}` : `250 2.6.0 accepted ${id}`
  return {
    id,
    application: name,
    sender,
    recipient: recipients[0] ?? '',
    messageId,
    events: [
      { ...head, at: at + 2, kind: 'judged', annotations, missing: [], verdict, replied: true, late: false, tookMs: 1.9 },
      {
        ...head,
        at: at + 3,
        kind: 'settled',
        accepted: !isRefused,
        outcome: action,
        reply,
        client: { address: `10.1.${spread(index, 200)}.9`, helo: `${name}.example.com`, tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384' },
        sender,
        recipients,
        headerFrom: [sender],
        subject: `Your order ${index} of ${name} has been taken in`,
        messageId,
        contentBytes: 2_000 + spread(index, 60_000),
        policyRevision: 12,
        tookMs: 3.2,
      },
      ...(isRefused ? [] : [attempted(head, at, index, recipients)]),
    ],
  }
}

function attempted(
  head: Pick<MailEvent, 'v' | 'id' | 'application' | 'traceparent'>,
  at: number,
  index: number,
  to: readonly string[],
): MailEvent {
  const result = spread(index + 5, 100) === 0 ? ('bounced' as const) : ('delivered' as const)
  const reply = result === 'bounced' ? '550 5.1.1 no such user' : '250 2.0.0 Ok: queued as 4XyZ1234'
  const recipients = to.map((address, number) => ({ index: number, address, result, reply }))
  const nextHop = { destination: 'default', nextHop: 'mx.example.com:25', tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384' }
  return { ...head, at: at + 60, kind: 'attempted', attempt: 1, ...nextHop, recipients, tookMs: 41.5 }
}

export const recorded = (event: MailEvent, offset: number): RecordedEvent => {
  return { event, json: eventCodec.encode(event).subarray(4), partition: offset % 6, offset }
}
