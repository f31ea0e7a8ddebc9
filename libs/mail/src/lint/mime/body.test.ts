import { type Difference, type RuleCase, testRules } from '../rule-cases.ts'
import { bodyRules } from './body.ts'

const single = (type: string, body: string): Difference => ({ lines: `MIME-Version: 1.0\r\nContent-Type: ${type}\r\n`, body })
const mixed = (...parts: string[]): Difference =>
  single('multipart/mixed; boundary=b', `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`)
const pdf = (more: string, body = 'x'): string => `Content-Type: application/pdf\r\n${more}\r\n${body}`
const text = '\r\nHello.'
const picture = (id: string): string => `Content-Type: image/png\r\nContent-ID: ${id}\r\n\r\nx`
const named = 'Content-Disposition: attachment; filename=a.pdf\r\n'

const cases: readonly RuleCase[] = [
  ['spam.body-empty', { body: ' \r\n' }, { body: '.\r\n' }],
  ['spam.body-empty', single('text/html', '<p>&nbsp;</p>'), single('text/html', '<img src="https://example.com/a.png">')],
  ['spam.body-empty', { body: '' }, mixed(pdf(named))],
  ['spam.body-empty', { body: '' }, { body: '', contentBytes: 10_000 }],
  ['spam.html-as-plain-text', { body: '<html>\r\n' }, { body: 'See <html>\r\n' }],
  ['spam.html-as-plain-text', { body: '\r\n<!DOCTYPE html><html>' }, single('text/html', '<!DOCTYPE html><html>')],
  ['spam.attachment-unnamed', mixed(text, pdf('')), mixed(text, pdf(named))],
  ['spam.attachment-unnamed', mixed(text, pdf('')), mixed(text, 'Content-Type: message/rfc822\r\n\r\nFrom: a@b\r\n\r\nx')],
  ['spam.attachment-empty', mixed(text, pdf(named, '')), mixed(text, pdf(named))],
  ['spam.content-id-repeated', mixed(picture('<a@b>'), picture('<a@b>')), mixed(picture('<a@b>'), picture('<c@b>'))],
]

testRules(bodyRules, cases)
