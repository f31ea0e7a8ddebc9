import { type Difference, type RuleCase, testRules } from '../rule-cases.ts'
import { autoSubmittedRules } from './auto-submitted.ts'

const answering = 'In-Reply-To: <a@b.example>\r\n'
const report = 'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n'
const nullSender: Difference = { envelope: { sender: '' } }
const auto = (value: string, more = '', envelope = {}): Difference => ({ lines: `Auto-Submitted: ${value}\r\n${more}`, envelope })
const subject = (value: string): Difference => ({ fields: { Subject: value } })
const toOne = (recipient: string): Difference => auto('auto-replied', '', { recipients: [recipient] })

const cases: readonly RuleCase[] = [
  ['spam.auto-submitted-missing', nullSender, {}],
  ['spam.auto-submitted-missing', nullSender, auto('auto-generated', '', { sender: '' })],
  ['spam.auto-submitted-missing', nullSender, { ...nullSender, lines: report }],
  ['spam.auto-submitted-malformed', auto('yes'), auto('auto-generated; type=x')],
  ['spam.auto-submitted-malformed', auto('auto-generated-x'), auto('No (a person)')],
  ['spam.auto-reply-undeclared', subject('Out of Office: Ann'), subject('Office: out of paper')],
  ['spam.auto-reply-undeclared', subject('Automatische Antwort: Ihre Bestellung'), auto('auto-replied')],
  ['spam.auto-reply-undeclared', { lines: 'X-Autoreply: yes\r\n' }, auto('auto-replied', 'X-Autoreply: yes\r\n')],
  ['spam.auto-reply-undeclared', { ...subject('Auto: Hello'), ...nullSender }, subject('Auto: Ihre Versicherung')],
  ['spam.auto-reply-undeclared', { ...subject('Auto: Hello'), lines: answering }, subject('Auto: Hello')],
  ['spam.auto-reply-with-sender', auto('auto-replied'), auto('auto-replied', '', { sender: '' })],
  ['spam.auto-reply-with-sender', auto('auto-replied'), auto('auto-generated')],
  [
    'spam.auto-reply-to-list',
    auto('auto-replied', 'List-Id: <l.example.com>\r\n'),
    auto('auto-generated', 'List-Id: <l.example.com>\r\n'),
  ],
  ['spam.auto-reply-to-list', toOne('noreply@example.net'), toOne('reply@example.net')],
  ['spam.auto-reply-to-list', toOne('cats-request@example.net'), toOne('request-cats@example.net')],
  ['spam.auto-reply-to-list', toOne('bounces+1=a@example.net'), toOne('bouncer@example.net')],
  ['spam.auto-reply-without-reference', auto('auto-replied'), auto('auto-replied', answering)],
  ['spam.auto-reply-without-reference', auto('auto-replied'), auto('auto-replied', report, { sender: '' })],
  [
    'spam.null-sender-to-many',
    { envelope: { sender: '', recipients: ['a@example.net', 'b@example.net'] } },
    { envelope: { sender: '', recipients: ['a@example.net'] } },
  ],
]

testRules(autoSubmittedRules, cases)
