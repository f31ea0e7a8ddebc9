import { type RuleCase, testRules } from '../rule-cases.ts'
import { mimeVersionRules } from './version.ts'

const version = 'MIME-Version: 1.0\r\n'

const cases: readonly RuleCase[] = [
  ['spam.mime-version-missing', { lines: 'Content-Type: text/plain\r\n' }, { lines: `${version}Content-Type: text/plain\r\n` }],
  ['spam.mime-version-missing', { lines: 'Content-Transfer-Encoding: 8bit\r\n' }, { lines: 'Content-Language: en\r\n' }],
  ['spam.mime-version-malformed', { lines: 'MIME-Version: 2.0\r\n' }, { lines: 'MIME-Version: 1.0 (by a program)\r\n' }],
  [
    'spam.mime-version-malformed',
    { lines: 'MIME-Version: 1.0; x\r\n' },
    { lines: 'MIME-Version: 1.0 (Mac OS X Mail 16.0 \\(3826.4\\))\r\n' },
  ],
  [
    'spam.content-type-malformed',
    { lines: `${version}Content-Type: text\r\n` },
    { lines: `${version}Content-Type: text/plain\r\n` },
  ],
  ['spam.content-type-repeated', { lines: 'Content-Type: text/plain\r\n'.repeat(2) }, { lines: 'Content-Type: text/plain\r\n' }],
]

testRules(mimeVersionRules, cases)
