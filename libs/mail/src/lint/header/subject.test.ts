import { type RuleCase, testRules } from '../rule-cases.ts'
import { subjectRules } from './subject.ts'

const subject = (value: string | undefined) => ({ fields: { Subject: value } })

const cases: readonly RuleCase[] = [
  ['spam.subject-missing', subject(undefined), subject('')],
  ['spam.subject-empty', subject('=?utf-8?Q?_?='), subject('=?utf-8?Q?_a?=')],
  ['spam.subject-empty', subject(''), subject(undefined)],
  ['spam.subject-capitals', subject('BUY IT NOW, ANN'), subject('BUY IT NOW, Ann')],
  ['spam.subject-capitals', subject('BUY IT NOW, ANN'), subject('RE: TPS-4711')],
  [
    'spam.subject-capitals',
    subject('=?utf-8?Q?=C3=84=C3=96=C3=9C_ABC_DEFGH?='),
    subject('=?utf-8?B?5pel5pys6Kqe44Gu5Lu25ZCN44Gn44GZ?='),
  ],
  ['spam.subject-exclamations', subject('Now!!!'), subject('Now!!')],
  ['spam.subject-exclamations', subject('=?utf-8?B?77yB77yB77yB?='), subject('=?utf-8?B?77yB?=')],
  ['spam.subject-placeholder', subject('Hello {{name}}'), subject('Hello {name}')],
  ['spam.subject-placeholder', subject('Order $' + '{order.id}'), subject('Order $5')],
  ['spam.subject-placeholder', subject('Hello %FIRST_NAME%'), subject('100% FREE')],
  ['spam.subject-placeholder', subject('Hello undefined, welcome'), subject('An undefined value')],
  ['spam.subject-placeholder', { fields: { From: '"[object Object]" <a@example.com>' } }, subject('an object')],
  [
    'spam.subject-reply-to-nothing',
    subject('Re: your order'),
    { fields: { Subject: 'Re: your order', References: '<a@b.example>' } },
  ],
  ['spam.subject-reply-to-nothing', subject('RE[2]: your order'), subject('Reply: your order')],
]

testRules(subjectRules, cases)
