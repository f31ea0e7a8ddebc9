import { type RuleCase, testRules } from '../rule-cases.ts'
import { encodedWordRules } from './encoded-words.ts'

const subject = (value: string) => ({ fields: { Subject: value } })
const from = (value: string) => ({ fields: { From: value } })

const cases: readonly RuleCase[] = [
  ['spam.encoded-word-malformed', subject('=?utf-8?Q?a b?='), subject('=?utf-8?Q?a_b?=')],
  ['spam.encoded-word-malformed', subject('=?utf-8?Q?a'), subject('is 1 =? 2')],
  ['spam.encoded-word-malformed', subject('=?utf-8?B?YQ=?='), subject('=?utf-8?B?YQ==?=')],
  ['spam.encoded-word-malformed', subject('=?utf-8?Q?a=zz?='), subject('=?utf-8?Q?a=3Dzz?=')],
  ['spam.encoded-word-charset-unknown', subject('=?utf-9?Q?a?='), subject('=?utf-8*de?Q?a?=')],
  ['spam.encoded-word-too-long', subject(`=?utf-8?Q?${'a'.repeat(64)}?=`), subject(`=?utf-8?Q?${'a'.repeat(63)}?=`)],
  ['spam.encoded-word-misplaced', from('"=?utf-8?Q?=C3=BC?=" <a@example.com>'), from('=?utf-8?Q?=C3=BC?= <a@example.com>')],
  ['spam.encoded-word-misplaced', from('"a \\"" =?utf-8?Q?b?=x <a@example.com>'), from('"a \\"" =?utf-8?Q?b?= <a@example.com>')],
  ['spam.encoded-word-misplaced', subject('Gr=?utf-8?Q?=C3=BC?=n'), subject('Gr =?utf-8?Q?=C3=BC?= n')],
  ['spam.encoded-word-misplaced', subject('=?utf-8?Q?a?==?utf-8?Q?b?='), subject('=?utf-8?Q?a?=\r\n =?utf-8?Q?b?=')],
  [
    'spam.encoded-word-in-machine-field',
    { fields: { 'In-Reply-To': '=?utf-8?Q?<a@b>?=' } },
    { fields: { 'In-Reply-To': '<a=?b@example>' } },
  ],
  ['spam.encoded-word-character-cut', subject('=?utf-8?B?4oI=?= =?utf-8?B?rA==?='), subject('=?utf-8?B?4oKs?=')],
  ['spam.encoded-word-line-end', subject('=?utf-8?Q?a=0D=0ABcc:_x?='), subject('=?utf-8?Q?a=09Bcc:_x?=')],
  ['spam.encoded-word-needless', subject('=?utf-8?B?aGVsbG8=?='), subject('=?utf-8?B?Z3LDvG4=?=')],
  ['spam.encoded-word-needless', subject('=?utf-8?B?aGVsbG8=?='), subject('=?utf-8?B?aGVsbG8=?= =?utf-8?B?w7w=?=')],
  ['spam.encoded-word-needless', subject('=?utf-8?B?aGVsbG8=?='), from('=?utf-8?B?aGVsbG8=?= <a@example.com>')],
]

testRules(encodedWordRules, cases)
