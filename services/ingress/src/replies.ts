/**
 * Every SMTP reply of the gateway, but for those that a verdict makes (`smtpReplyFor`). Generic to the client; details go to the
 * log. Codes: RFC 5321 §4.2, RFC 3463, RFC 4954, RFC 6531, and the IANA registry of enhanced status codes.
 */
import type { MailboxFault } from '@sallyport/mail'
import type { SmtpReply } from '@sallyport/policy'
import { mailboxFaultWords } from './smtp/mailbox-fault-words.ts'

const reply =
  (code: number, enhanced: string, text: string): (() => SmtpReply) =>
  () => ({ code, enhanced, text })

/** Text of a client, in a reply: printable ASCII, at most 80 characters. */
const quoted = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text).replace(/[^\x20-\x7e]/g, '?')

const maxTimeMs = 8.64e15
const moment = (ms: number): string => `${new Date(Math.min(ms, maxTimeMs)).toISOString().slice(0, -5)}Z`

export const replies = {
  // Sessions
  earlyTalker: reply(554, '5.5.1', 'you spoke before the greeting'),
  tooManyConnections: reply(421, '4.7.0', 'too many connections, try again later'),
  tooManyOfClient: reply(421, '4.7.0', 'too many connections from your address, try again later'),
  shuttingDown: reply(421, '4.3.2', 'the service is shutting down, try again later'),
  idle: reply(421, '4.4.2', 'idle for too long, closing'),
  tooManyErrors: reply(421, '4.7.0', 'too many errors, closing'),
  lineTooLong: reply(500, '5.5.2', 'the line is too long'),
  authLineTooLong: reply(500, '5.5.6', 'the line is too long'),
  endlessLine: reply(421, '4.7.0', 'the line has no end, closing'),
  bareLineEnd: reply(550, '5.5.2', 'a command line ends in a bare LF: end it in CRLF'),
  help: reply(214, '2.0.0', 'this is a mail gateway for registered applications; see RFC 5321'),
  /** No code that says whether there is such a mailbox: not ours to know (RFC 5321 §7.3). */
  notVerified: reply(252, '2.0.0', 'addresses are not verified here: send the message'),
  noStartTls: reply(502, '5.5.1', 'TLS is not offered here'),
  disabled: (command: string): SmtpReply => ({ code: 502, enhanced: '5.5.1', text: `${command} is disabled` }),

  // AUTH (RFC 4954)
  encryptFirst: reply(538, '5.7.11', 'use STARTTLS before AUTH'),
  noAuth: reply(502, '5.5.1', 'AUTH needs TLS, which this listener does not offer'),
  authInTransaction: reply(503, '5.5.1', 'AUTH is not possible during a mail transaction'),
  userGone: reply(550, '5.7.1', 'the user that you authenticated as is not registered any more'),

  // Envelope
  badSequence: (needed: string): SmtpReply => ({ code: 503, enhanced: '5.5.1', text: `${needed} first` }),
  nestedMail: reply(503, '5.5.1', 'a mail transaction is open already'),
  syntax: (form: string): SmtpReply => ({ code: 501, enhanced: '5.5.4', text: `syntax: ${form}` }),
  badSender: (fault: MailboxFault): SmtpReply => ({
    code: 501,
    enhanced: '5.1.7',
    text: `the sender address is not valid: ${mailboxFaultWords[fault]}`,
  }),
  badRecipient: (fault: MailboxFault): SmtpReply => ({
    code: 501,
    enhanced: '5.1.3',
    text: `the recipient address is not valid: ${mailboxFaultWords[fault]}`,
  }),
  badParameter: (name: string): SmtpReply => ({ code: 501, enhanced: '5.5.4', text: `bad parameter ${quoted(name)}` }),
  unknownParameter: (name: string): SmtpReply => ({ code: 555, enhanced: '5.5.4', text: `unknown parameter ${quoted(name)}` }),
  needsSmtpUtf8: reply(553, '5.6.7', 'an address beyond ASCII needs the SMTPUTF8 parameter of MAIL'),
  notRegistered: (address: string): SmtpReply => ({
    code: 550,
    enhanced: '5.7.1',
    text: `${quoted(address)} is not a registered application: ask the mail team to register it`,
  }),
  notOurDomain: reply(550, '5.7.1', 'an unregistered system may send only with sender domains of the organization'),
  tooManyRecipients: reply(452, '4.5.3', 'too many recipients: send the others in another transaction'),
  tooLarge: (maxBytes: number): SmtpReply => ({
    code: 552,
    enhanced: '5.3.4',
    text: `the message is larger than ${maxBytes} bytes`,
  }),
  tooManyUnsettled: reply(451, '4.3.2', 'too many messages are being processed, try again later'),
  queueFull: reply(451, '4.3.2', 'too many messages wait for delivery, try again later'),
  queueFullClosing: reply(421, '4.3.2', 'too many messages wait for delivery, try again later'),
  shareFull: reply(451, '4.3.2', 'too many messages of this application wait for delivery, try again later'),
  overloaded: reply(451, '4.3.2', 'the gateway is overloaded, try again later'),
  diskLow: reply(452, '4.3.1', 'insufficient system storage, try again later'),
  storeAway: reply(452, '4.3.1', 'the store of large messages cannot be used now, try again later'),
  suspended: (untilMs: number): SmtpReply => ({
    code: 451,
    enhanced: '4.7.1',
    text: `the mail team has suspended this application until ${moment(untilMs)}: ask them, or try again then`,
  }),
  noPolicy: reply(451, '4.3.0', 'the gateway is starting, try again later'),
  failed: reply(451, '4.3.0', 'temporary failure, try again later'),
  noVerdict: reply(451, '4.3.0', 'the message could not be checked in time, try again later'),
  tooManyWaiting: (max: number, nextMs: number): SmtpReply => ({
    code: 451,
    enhanced: '4.3.2',
    text: `${max} messages of this application wait for their turn, no more may (maxWaiting), and the next goes in ${Math.ceil(nextMs / 1000)} s: try again then`,
  }),

  // Content
  startMail: reply(354, '', 'start mail input; end with <CRLF>.<CRLF>'),
  bareLineEndInContent: reply(550, '5.6.11', 'the content has a bare CR or LF: end every line in CRLF (RFC 5321 2.3.8)'),
  headerTooLong: (maxBytes: number): SmtpReply => ({
    code: 554,
    enhanced: '5.6.0',
    text: `the header is longer than ${maxBytes} bytes`,
  }),
  tooManyFields: (maxFields: number): SmtpReply => ({
    code: 554,
    enhanced: '5.6.0',
    text: `the header has more than ${maxFields} fields`,
  }),
  headerBeginsBlank: reply(554, '5.6.0', 'the header begins with white space'),
  loop: reply(554, '5.4.6', 'mail loop: too many Received fields'),

  senderOk: reply(250, '2.1.0', 'ok'),
  recipientOk: reply(250, '2.1.5', 'ok'),
  /** Ends with the message id, also for a hold, which is the operator's affair. */
  accepted: (messageId: string): SmtpReply => ({ code: 250, enhanced: '2.6.0', text: `Queued as ${messageId}` }),
} as const
