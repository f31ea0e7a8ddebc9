import { type Difference, type RuleCase, testRules } from '../rule-cases.ts'
import { charsetRules } from './charset.ts'

const text = (type: string, body: string): Difference => ({
  lines: `MIME-Version: 1.0\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: 8bit\r\n`,
  body,
})

const cases: readonly RuleCase[] = [
  ['spam.charset-unknown', text('text/plain; charset=utf-9', 'x'), text('text/plain; charset="UTF-8"', 'x')],
  ['spam.charset-unknown', text('text/plain; charset=cp0850a', 'x'), text('text/plain; charset=IBM850', '\x81')],
  ['spam.charset-unknown', text('text/plain; charset=hz-gb-2313', 'x'), text('text/plain; charset=HZ-GB-2312', '~{VPND~}')],
  ['spam.charset-unknown', text('text/plain; charset=utf-9', 'x'), text('application/x-y; charset=utf-9', 'x')],
  ['spam.charset-mismatch', text('text/plain; charset=utf-8', '\xfc'), text('text/plain; charset=iso-8859-1', '\xfc')],
  ['spam.charset-mismatch', text('text/plain; charset=us-ascii', '\xc3\xbc'), text('text/plain; charset=utf-8', '\xc3\xbc')],
  ['spam.charset-missing', text('text/html', '<p>\xc3\xbc</p>'), text('text/html', '<p>&uuml;</p>')],
  ['spam.charset-missing', text('text/plain', '\xc3\xbc'), text('text/plain; charset=utf-8', '\xc3\xbc')],
]

testRules(charsetRules, cases)
