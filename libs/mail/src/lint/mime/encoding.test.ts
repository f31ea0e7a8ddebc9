import { type Difference, type RuleCase, testRules } from '../rule-cases.ts'
import { encodingRules } from './encoding.ts'

const encoded = (encoding: string, body: string, type = 'text/plain; charset=utf-8'): Difference => ({
  lines: `MIME-Version: 1.0\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n`,
  body,
})
const base64 = (text: string): string => `${Buffer.from(text).toString('base64')}\r\n`
const mixed = 'multipart/mixed; boundary=b'
const multipartBody = '--b\r\n\r\nx\r\n--b--\r\n'

const cases: readonly RuleCase[] = [
  ['spam.transfer-encoding-unknown', encoded('utf-8', 'x'), encoded('8BIT', 'x')],
  [
    'spam.transfer-encoding-repeated',
    { lines: 'Content-Transfer-Encoding: 7bit\r\n'.repeat(2) },
    { lines: 'Content-Transfer-Encoding: 7bit\r\n' },
  ],
  ['spam.transfer-encoding-on-multipart', encoded('base64', multipartBody, mixed), encoded('8bit', multipartBody, mixed)],
  ['spam.transfer-encoding-binary', encoded('binary', 'x'), encoded('8bit', 'x')],
  ['spam.transfer-encoding-binary', encoded('binary', 'x'), encoded('binary', multipartBody, mixed)],
  ['spam.base64-malformed', encoded('base64', 'aGVs*bG8=\r\n'), encoded('base64', 'aGVsbG8=\r\n')],
  ['spam.quoted-printable-malformed', encoded('quoted-printable', 'a=b\r\n'), encoded('quoted-printable', 'a=3Db=\r\n')],
  ['spam.eight-bit-undeclared', encoded('7bit', '\xc3\xbc'), encoded('8bit', '\xc3\xbc')],
  ['spam.eight-bit-undeclared', { body: '\xfc' }, { body: 'u' }],
  ['spam.text-base64-needless', encoded('base64', base64('a'.repeat(60))), encoded('base64', base64('ü'.repeat(60)))],
  ['spam.text-base64-needless', encoded('base64', base64('a'.repeat(60))), encoded('base64', base64('a'))],
  [
    'spam.text-base64-needless',
    encoded('base64', base64('a'.repeat(60))),
    encoded('base64', base64('a'.repeat(60)), 'application/pdf'),
  ],
  ['spam.body-nul', { body: 'a\0b' }, { body: 'a\x01b' }],
]

testRules(encodingRules, cases)
