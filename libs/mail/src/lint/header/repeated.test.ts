import { type RuleCase, testRules } from '../rule-cases.ts'
import { repeatedFieldRules } from './repeated.ts'

const cases: readonly RuleCase[] = [
  ['spam.field-repeated', { lines: 'subject: again\r\n' }, { lines: 'X-Subject: again\r\n' }],
  ['spam.field-repeated', { lines: 'To: b@example.net\r\n' }, { lines: 'Cc: b@example.net\r\n' }],
  ['spam.other-field-repeated', { lines: 'MIME-Version: 1.0\r\n'.repeat(2) }, { lines: 'MIME-Version: 1.0\r\n' }],
  ['spam.other-field-repeated', { lines: 'Precedence: bulk\r\n'.repeat(2) }, { lines: 'Comments: a\r\n'.repeat(2) }],
  ['spam.return-path-present', { lines: 'Return-Path: <a@example.com>\r\n' }, {}],
]

testRules(repeatedFieldRules, cases)
