import { type Difference, type RuleCase, testRules } from '../rule-cases.ts'
import { parameterRules } from './parameters.ts'

const disposition = (value: string): Difference => ({ lines: `Content-Disposition: ${value}\r\n` })
const part = (header: string): Difference => ({
  lines: 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n',
  body: `--b\r\n${header}\r\nx\r\n--b--\r\n`,
})

const cases: readonly RuleCase[] = [
  ['spam.parameter-malformed', disposition('attachment; filename=my file.pdf'), disposition('attachment; filename="my file.pdf"')],
  ['spam.parameter-malformed', disposition('attachment; filename="a.pdf'), disposition('attachment; filename="a\\".pdf";')],
  [
    'spam.parameter-malformed',
    disposition('attachment; filename=a.pdf size=1'),
    disposition('attachment; filename=a.pdf (b) ; size=1'),
  ],
  ['spam.parameter-malformed', disposition('attachment; filename'), disposition('attachment;')],
  ['spam.parameter-repeated', disposition('attachment; filename=a; FILENAME=b'), disposition('attachment; filename=a; name=b')],
  [
    'spam.parameter-repeated',
    disposition('attachment; filename=a; filename=b'),
    disposition("attachment; filename=a; filename*=utf-8''a"),
  ],
  [
    'spam.parameter-encoded-word',
    disposition('attachment; filename="=?utf-8?Q?a?="'),
    disposition('attachment; filename="=?utf-8?"'),
  ],
  ['spam.parameter-encoded-word', disposition('attachment; filename==?utf-8?Q?a?='), disposition('attachment; filename=a')],
  ['spam.parameter-extension-broken', disposition('attachment; filename*=a'), disposition("attachment; filename*=utf-8''a")],
  [
    'spam.parameter-extension-broken',
    disposition("attachment; filename*=utf-9''a"),
    disposition("attachment; filename*=UTF-8'de'a"),
  ],
  [
    'spam.parameter-extension-broken',
    disposition("attachment; filename*=utf-8''100%"),
    disposition("attachment; filename*=utf-8''100%25"),
  ],
  [
    'spam.parameter-extension-broken',
    disposition('attachment; filename*0=a; filename*2=b'),
    disposition('attachment; filename*1=b; filename*0=a'),
  ],
  [
    'spam.parameter-extension-broken',
    disposition('attachment; filename*0*=a; filename*1=b'),
    disposition("attachment; filename*0*=utf-8''a; filename*1=b; filename*2*=%20"),
  ],
  ['spam.part-header-malformed', part('Content-Type: text/plain\r\nno field\r\n'), part('Content-Type: text/plain\r\n')],
  [
    'spam.part-header-eight-bit',
    part('Content-Description: \xfc\r\n'),
    { ...part('Content-Description: u\r\n'), lines: 'X: \xfc\r\n' },
  ],
  [
    'spam.part-header-eight-bit',
    part('Content-Description: \xc3\xbc\r\n'),
    { ...part('Content-Description: \xc3\xbc\r\n'), envelope: { isSmtpUtf8: true } },
  ],
]

testRules(parameterRules, cases)
