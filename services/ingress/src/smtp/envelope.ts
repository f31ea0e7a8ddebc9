/** MAIL and RCPT: who may send what, and to how many. There is no other way to a transaction, so no open relay. */
import type { Recipient } from '@sallyport/contracts'
import { type MailboxResult, parseMailbox } from '@sallyport/mail'
import { type ClientEvidence, type CompiledApplication, type SmtpReply, unregistered } from '@sallyport/policy'
import type { IngressRoom } from '../ingress-room.ts'
import type { Cause } from '../limits/admission.ts'
import type { Envelope } from '../limits/throttle-door.ts'
import { replies } from '../replies.ts'
import type { Transaction } from '../transaction.ts'
import { clientEvidence } from './client-evidence.ts'
import { currentPolicy } from './current-policy.ts'
import { type MailParameters, readMailParameters, readRecipientParameters } from './envelope-parameters.ts'
import type { IngressConnection } from './ingress-connection.ts'
import { parsePathCommand } from './path-command.ts'

type Opened = Transaction | SmtpReply

const mailForm = 'MAIL FROM:<address>'
const rcptForm = 'RCPT TO:<address>'
/** At this many recipients whatever a policy says must still be taken (RFC 5321 §4.5.3.1.8). */
const leastRecipients = 100
/** All recipients of a message as JSON: with a header of 64 KiB and all else a record stays below the 256 KiB of the bus. */
const maxRecipientBytes = 160 * 1024

/** What MAIL asks for: a transaction of the application that this client is, or the reply that says why not. */
export function openTransaction(connection: IngressConnection, line: Buffer): Opened | Promise<Opened> {
  const { room } = connection
  if (room.isDraining) return replies.shuttingDown()
  const command = parsePathCommand(line)
  if ('fault' in command) return command.fault === 'duplicate' ? replies.badParameter(command.name) : replies.syntax(mailForm)
  const parameters = readMailParameters(command.parameters)
  if (!parameters.ok) return parameters.reply
  const sender = command.path === '' ? undefined : parseMailbox(command.path)
  const badSender = sender && addressFault(sender, command.path, parameters.value, 'sender')
  if (badSender) return badSender

  const policy = currentPolicy(room)
  if (!policy) return replies.noPolicy()
  const { client, certificateNames } = clientEvidence(connection)
  const refused = (reason: string, reply: SmtpReply): SmtpReply => {
    room.metrics.refusedSenders.inc({ reason })
    room.ports.log.info({ client, sender: command.path, reason }, 'MAIL refused')
    return reply
  }
  if (client.authIdentity !== undefined && policy.authSecret(client.authIdentity) === undefined) {
    return refused('user-gone', replies.userGone())
  }
  const evidence: ClientEvidence = {
    address: client.address,
    ...(client.authIdentity === undefined ? {} : { authIdentity: client.authIdentity }),
    ...(client.certificate === undefined ? {} : { certificate: { fingerprint: client.certificate, names: certificateNames } }),
  }
  const application = policy.findApplication(evidence)
  if (!application) return refused('no-application', replies.notRegistered(client.address))
  if (application.name === unregistered && !(sender?.ok && application.authorizedDomains.matches(sender.aDomain))) {
    return refused('not-our-domain', replies.notOurDomain())
  }
  const { sizeBytes } = parameters.value
  const envelope: Envelope = { application, policyRevision: policy.revision, sender: command.path, sizeBytes }
  const suspended = room.suspensions.replyTo(application.name, room.ports.clock.now())
  if (suspended) return paced(room, application, refused('suspended', suspended))
  const throttled = room.throttleDoor.atMail(envelope)
  if (throttled) return paced(room, application, refused('throttle', throttled))
  const maxMessageBytes = Math.min(room.settings.maxMessageBytes, application.maxMessageBytes)
  if (sizeBytes > maxMessageBytes) return replies.tooLarge(maxMessageBytes)
  if (room.disk.isLow) return refused('disk', replies.diskLow())

  const opened = (release: () => void): Transaction => ({
    ...envelope,
    client,
    isExtended: connection.isExtended,
    parameters: parameters.value,
    recipients: [],
    mailboxes: new Set(),
    counts: { all: 0, byDomain: new Map() },
    recipientBytes: 0,
    postmasterDomain: policy.document.organization.domains[0]?.replace(/^\*\./, '') ?? room.settings.hostname,
    maxMessageBytes,
    release,
    isGone: false,
  })
  const enter = (): Opened | Promise<Opened> => {
    if (room.isDraining) return replies.shuttingDown()
    const slot = room.slots.take(application.name, application.maxUnsettled)
    if (typeof slot === 'function') return opened(slot)
    return slot.then((release) =>
      release ? opened(release) : refused('unsettled', room.isDraining ? replies.shuttingDown() : replies.tooManyUnsettled()),
    )
  }
  const admitted = room.backpressure.admit(application.name)
  if (admitted.kind === 'open') {
    const paceMs = room.fairPace.waitMs(application.name)
    const turn = paceMs > 0 ? room.delays.precisely(paceMs) : room.inFlow.turn(application.name)
    if (!turn) return enter()
    room.metrics.slowedSenders.inc({ cause: paceMs > 0 ? 'busy' : 'flow' })
    return turn.then(enter)
  }
  if (admitted.kind === 'slow') room.metrics.slowedSenders.inc({ cause: admitted.cause })
  return room.delays
    .wait(admitted.waitMs)
    .then(() => (admitted.kind === 'slow' ? enter() : refused(admitted.cause, putOff[admitted.cause]())))
}

function paced(
  { refusalPace, delays }: IngressRoom,
  { name }: CompiledApplication,
  reply: SmtpReply,
): SmtpReply | Promise<SmtpReply> {
  const waitMs = refusalPace.waitMs(name)
  return waitMs === 0 ? reply : delays.wait(waitMs).then(() => reply)
}

const putOff: Readonly<Record<Cause, () => SmtpReply>> = {
  queue: replies.queueFull,
  share: replies.shareFull,
  'in-flight': replies.overloaded,
  bus: replies.overloaded,
}

/** What RCPT asks for: one recipient more, or the reply that says why not. */
export function addRecipient(room: IngressRoom, transaction: Transaction, line: Buffer): SmtpReply | Promise<SmtpReply> {
  const command = parsePathCommand(line)
  if ('fault' in command) return command.fault === 'duplicate' ? replies.badParameter(command.name) : replies.syntax(rcptForm)
  const parameters = readRecipientParameters(command.parameters)
  if (!parameters.ok) return parameters.reply
  // RFC 5321 §4.1.1.3: postmaster needs no domain. It is that of the organization, where somebody reads it.
  const address = command.path.toLowerCase() === 'postmaster' ? `${command.path}@${transaction.postmasterDomain}` : command.path
  const mailbox = parseMailbox(address)
  const fault = addressFault(mailbox, address, transaction.parameters, 'recipient')
  if (fault) return fault
  const { application, recipients, mailboxes } = transaction
  const key = mailbox.ok ? mailbox.address : address
  // Named twice, delivered once.
  if (mailboxes.has(key)) return replies.recipientOk()
  if (recipients.length >= maxRecipients(room, application)) return replies.tooManyRecipients()
  const recipient: Recipient = { index: recipients.length, address, ...parameters.value }
  // Its index stands a second time among those that remain; a comma follows each.
  const recipientBytes = Buffer.byteLength(JSON.stringify(recipient)) + String(recipient.index).length + 2
  if (transaction.recipientBytes + recipientBytes > maxRecipientBytes) return replies.tooManyRecipients()
  const throttled = room.throttleDoor.atRecipient(transaction, transaction.counts, address)
  if (throttled) return paced(room, application, throttled)
  transaction.recipientBytes += recipientBytes
  mailboxes.add(key)
  recipients.push(recipient)
  return replies.recipientOk()
}

const maxRecipients = (room: IngressRoom, application: CompiledApplication): number =>
  Math.min(Math.max(room.settings.maxRecipients, leastRecipients), application.maxRecipients)

function addressFault(
  mailbox: MailboxResult,
  written: string,
  parameters: MailParameters,
  which: 'sender' | 'recipient',
): SmtpReply | undefined {
  if (!mailbox.ok) return which === 'sender' ? replies.badSender(mailbox.fault) : replies.badRecipient(mailbox.fault)
  // RFC 6531 §3.5: what is written, since that is what is passed on.
  return /[^\0-\x7f]/.test(written) && !parameters.smtpUtf8 ? replies.needsSmtpUtf8() : undefined
}
