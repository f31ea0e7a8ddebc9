import { type RuleCase, testRules } from '../rule-cases.ts'
import { lineRules } from './lines.ts'

/** A line of so many octets. */
const field = (octets: number, name = 'X') => ({ lines: `${name}: ${'a'.repeat(octets - name.length - 2)}\r\n` })
const body = (octets: number) => ({ body: `short\r\n${'a'.repeat(octets)}\r\nshort\r\n` })

const cases: readonly RuleCase[] = [
  ['spam.header-line-too-long', field(999), field(998)],
  ['spam.header-line-too-long', field(999, 'Received'), field(998, 'Received')],
  ['spam.header-line-too-long', field(1_100), { lines: `X: ${'a'.repeat(600)}\r\n ${'a'.repeat(600)}\r\n` }],
  ['spam.header-line-long', field(79), field(78)],
  ['spam.header-line-long', field(79), field(79, 'DKIM-Signature')],
  ['spam.body-line-too-long', body(999), body(998)],
  ['spam.body-line-too-long', { body: 'a'.repeat(999) }, { body: 'a'.repeat(998) }],
  ['spam.header-utf8-not-announced', { lines: 'X: \xc3\xbc\r\n' }, { lines: 'X: \xc3\xbc\r\n', envelope: { isSmtpUtf8: true } }],
  ['spam.header-utf8-not-announced', { lines: 'X: \xc3\xbc\r\n' }, { lines: 'X: \xfc\r\n' }],
  ['spam.header-eight-bit', { lines: 'X: \xfc\r\n', envelope: { isSmtpUtf8: true } }, { lines: 'X: \xc3\xbc\r\n' }],
  ['spam.header-eight-bit', { lines: 'X: \xfc\r\n' }, { body: '\xfc' }],
]

testRules(lineRules, cases)
