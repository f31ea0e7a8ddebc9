import { type Difference, type RuleCase, testRules } from '../rule-cases.ts'
import { listFieldRules } from './list-fields.ts'

const bulk = (lines = ''): Difference => ({ lines, envelope: { isBulk: true } })

const cases: readonly RuleCase[] = [
  ['spam.list-id-missing', bulk(), {}],
  ['spam.list-id-missing', bulk(), bulk('List-Id: <news.example.com>\r\n')],
  ['spam.list-id-malformed', bulk('List-Id: news\r\n'), bulk('List-Id: News <news.example.com>\r\n')],
  ['spam.precedence-missing', bulk(), {}],
  ['spam.precedence-missing', bulk(), bulk('Precedence: bulk\r\n')],
  ['spam.precedence-unknown', { lines: 'Precedence: high\r\n' }, { lines: 'Precedence: List\r\n' }],
]

testRules(listFieldRules, cases)
