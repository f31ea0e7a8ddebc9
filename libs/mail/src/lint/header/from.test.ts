import { type RuleCase, testRules } from '../rule-cases.ts'
import { fromRules } from './from.ts'

const from = (value: string | undefined) => ({ fields: { From: value } })

const cases: readonly RuleCase[] = [
  ['spam.from-missing', from(undefined), from('a@example.com')],
  ['spam.from-repeated', { lines: 'From: b@example.com\r\n' }, { lines: 'X-From: b@example.com\r\n' }],
  ['spam.from-malformed', from('Billing, Inc. <a@example.com>'), from('"Billing, Inc." <a@example.com>')],
  ['spam.from-malformed', from('Billing'), from('Billing <a@example.com>')],
  ['spam.from-obsolete', from('<@relay.example.com:a@example.com>'), from('<a@example.com>')],
  ['spam.from-many-authors', from('a@example.com, b@example.com'), from('"a, b" <b@example.com>')],
  [
    'spam.sender-missing',
    from('a@example.com, b@example.com'),
    { fields: { From: 'a@example.com, b@example.com', Sender: 'a@example.com' } },
  ],
  ['spam.sender-malformed', { fields: { Sender: 'a@example.com, b@example.com' } }, { fields: { Sender: 'a@example.com' } }],
  ['spam.reply-to-malformed', { fields: { 'Reply-To': '' } }, { fields: { 'Reply-To': 'a@example.com, b@example.com' } }],
  ['spam.from-unreachable-domain', from('root@localhost'), from('root@localhost.example')],
  ['spam.from-unreachable-domain', from('app@web1.local'), from('app@local.example')],
  ['spam.from-unreachable-domain', from('app@[192.0.2.1]'), from('app@example.com')],
  ['spam.from-name-shows-other-address', from('"boss@bank.example" <x@evil.example>'), from('"x@evil.example" <x@evil.example>')],
  ['spam.from-name-shows-other-address', from('"boss@bank.example" <x@evil.example>'), from('"Boss @ bank" <x@evil.example>')],
  ['spam.from-name-shows-other-address', from('"a@bank.example" <x@y.example>'), from('"a@bank.example" <x@mail.bank.example>')],
]

testRules(fromRules, cases)
