import { type Difference, type RuleCase, testRules } from '../rule-cases.ts'
import { mimeStructureRules } from './structure.ts'

const multipart = (body: string, type = 'multipart/mixed; boundary=b'): Difference => ({
  lines: `MIME-Version: 1.0\r\nContent-Type: ${type}\r\n`,
  body,
})
const part = (type: string): string => `--b\r\nContent-Type: ${type}\r\n\r\nx\r\n`
const alternative = (...types: string[]): Difference =>
  multipart(`${types.map(part).join('')}--b--\r\n`, 'multipart/alternative; boundary=b')
const long = 'b'.repeat(70)
const nested = (levels: number): Difference => {
  const open = Array.from({ length: levels }, (_, at) => `--b${at}\r\nContent-Type: multipart/mixed; boundary=b${at + 1}\r\n\r\n`)
  return multipart(open.join(''), 'multipart/mixed; boundary=b0')
}

const good = multipart('--b\r\n\r\nx\r\n--b--\r\n')
const inner = 'Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n'

const cases: readonly RuleCase[] = [
  ['spam.boundary-not-declared', multipart('--b\r\n\r\nx\r\n--b--\r\n', 'multipart/mixed'), good],
  [
    'spam.boundary-malformed',
    multipart(`--b${long}\r\n\r\nx\r\n--b${long}--\r\n`, `multipart/mixed; boundary=b${long}`),
    multipart(`--${long}\r\n\r\nx\r\n--${long}--\r\n`, `multipart/mixed; boundary=${long}`),
  ],
  ['spam.boundary-missing', multipart('--c\r\n\r\nx\r\n--c--\r\n'), good],
  ['spam.multipart-not-closed', multipart('--b\r\n\r\nx\r\n'), good],
  ['spam.multipart-not-closed', multipart('--b\r\n\r\nx\r\n'), { ...multipart('--b\r\n\r\nx\r\n'), contentBytes: 10_000 }],
  ['spam.multipart-empty', multipart('--b--\r\n'), good],
  ['spam.boundary-of-outer', multipart(`--b\r\n${inner}--b\r\n\r\ny\r\n--b--\r\n`), multipart(`--b\r\n${inner}--c--\r\n--b--\r\n`)],
  ['spam.mime-too-deep', nested(200), nested(20)],
  [
    'spam.mime-too-many-parts',
    multipart(`${'--b\r\n\r\nx\r\n'.repeat(2_000)}--b--\r\n`),
    multipart(`${'--b\r\n\r\nx\r\n'.repeat(500)}--b--\r\n`),
  ],
  ['spam.alternative-order', alternative('text/html', 'text/plain'), alternative('text/plain', 'text/html')],
  ['spam.alternative-order', alternative('text/html', 'text/plain'), alternative('text/html', 'text/calendar')],
  ['spam.alternative-single', alternative('text/html'), alternative('text/plain', 'text/html')],
  ['spam.alternative-single', alternative('text/html'), multipart(`${part('text/html')}--b--\r\n`)],
]

testRules(mimeStructureRules, cases)
