import { type RuleCase, testRules } from '../rule-cases.ts'
import { recipientRules } from './recipients.ts'

const to = (value: string | undefined) => ({ fields: { To: value } })
const addresses = (count: number): string => Array.from({ length: count }, (_, at) => `a${at}@example.net`).join(',\r\n ')

const cases: readonly RuleCase[] = [
  ['spam.recipients-missing', to(undefined), { fields: { To: undefined, Cc: 'a@example.net' } }],
  ['spam.recipients-empty', to(''), to('undisclosed-recipients:;')],
  ['spam.recipients-malformed', to('a@example.net; b@example.net'), to('a@example.net, b@example.net')],
  ['spam.recipients-malformed', to('<Undisclosed-Recipient:;>'), to('Undisclosed-Recipient:;')],
  ['spam.recipients-shown', to(addresses(101)), to(addresses(100))],
  [
    'spam.recipients-shown',
    { fields: { To: addresses(51), Cc: addresses(50) } },
    { fields: { To: addresses(50), Cc: addresses(50) } },
  ],
  ['spam.bcc-shown', { fields: { Bcc: 'b@example.net' } }, { fields: { Bcc: '' } }],
]

testRules(recipientRules, cases)
