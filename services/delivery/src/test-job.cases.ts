/** Records for tests, whole unless a test says otherwise. */
import { type Decided, type Job, type Message, newMessageId } from '@sallyport/contracts'

export const exampleContent = Buffer.from(
  'Received: from app.example.com\r\nFrom: invoices@example.com\r\nSubject: Rechnung\r\n\r\nHello\r\n.dots\r\n..\r\nend\r\n',
)
const headerBytes = exampleContent.indexOf('\r\n\r\n') + 4

export function exampleMessage(changes: Partial<Message> = {}): Message {
  return {
    id: newMessageId(),
    application: 'billing',
    policyRevision: 1,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    receivedAt: Date.now(),
    client: { address: '10.1.0.7', helo: 'app.example.com' },
    sender: 'invoices@example.com',
    recipients: [{ index: 0, address: 'kunde@example.net' }],
    ...changes,
  }
}

export function exampleDecided(changes: Partial<Decided> = {}, message: Partial<Message> = {}): Decided {
  return {
    v: 1,
    kind: 'decided',
    message: exampleMessage(message),
    content: { kind: 'inline', contentBytes: exampleContent.length, headerBytes },
    verdict: { action: 'relay', decidedBy: [], wouldBe: { action: 'relay', by: [] }, contributions: [], policyRevision: 1 },
    verifiedSender: 'yes',
    acceptedAt: Date.now(),
    origin: 'ingress',
    ...changes,
  }
}

export function exampleJob(changes: Partial<Job> = {}, message: Partial<Message> = {}): Job {
  const { content, acceptedAt, verifiedSender, message: whole } = exampleDecided({}, message)
  return {
    v: 1,
    kind: 'job',
    message: whole,
    content,
    verifiedSender,
    class: 'normal',
    destination: 'default',
    remaining: whole.recipients.map((recipient) => recipient.index),
    attempt: 1,
    acceptedAt,
    expiresAt: acceptedAt + 5 * 24 * 3_600_000,
    ...changes,
  }
}
