import { type RuleCase, testRules } from '../rule-cases.ts'
import { messageIdRules } from './message-id.ts'

const id = (value: string | undefined) => ({ fields: { 'Message-ID': value } })

const cases: readonly RuleCase[] = [
  ['spam.message-id-missing', id(undefined), id('')],
  ['spam.message-id-malformed', id('1@example.com'), id('<1@example.com>')],
  ['spam.message-id-malformed', id('<1>'), id('<1@[192.0.2.1]>')],
  ['spam.message-id-malformed', id('<a b@example.com>'), id('<a.b@example.com>')],
  ['spam.message-id-malformed', id('<1> (added by a@example.com)'), id('<1@example.com> (added by a@example.com)')],
  ['spam.message-id-bare-host', id('<1@localhost>'), id('<1@localhost.example>')],
  ['spam.message-id-bare-host', id('<1@web1>'), id('<1@web1.example.com>')],
  ['spam.message-id-private-host', id('<1@web1.internal>'), id('<1@internal.example.com>')],
  ['spam.message-id-private-host', id('<1@[192.168.0.7]>'), id('<1@[192.0.2.7]>')],
  ['spam.message-id-private-host', id('<1@web1.local>'), id('<1@localhost>')],
  ['spam.message-id-too-long', id(`<${'a'.repeat(240)}@example.com>`), id(`<${'a'.repeat(200)}@example.com>`)],
  ['spam.references-malformed', { fields: { 'In-Reply-To': 'your mail' } }, { fields: { 'In-Reply-To': '<a@b.example>' } }],
  [
    'spam.references-malformed',
    { fields: { References: '<a@b.example>, <c@d.example>' } },
    { fields: { References: '<a@b.example>\r\n <c@d.example><e@f.example>' } },
  ],
]

testRules(messageIdRules, cases)
