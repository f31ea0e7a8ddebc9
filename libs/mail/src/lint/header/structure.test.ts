import { type RuleCase, testRules } from '../rule-cases.ts'
import { headerStructureRules } from './structure.ts'

const line = (lines: string) => ({ lines })

const cases: readonly RuleCase[] = [
  ['spam.header-without-end', { content: 'From: a@example.com\r\n' }, { content: 'From: a@example.com\r\n\r\n' }],
  ['spam.header-without-end', { content: 'From: a@example.com\r\n' }, { content: 'From: a@example.com\r\n', contentBytes: 1_000 }],
  ['spam.header-too-large', line('X: y\r\n'.repeat(2_001)), line('X: y\r\n'.repeat(1_900))],
  ['spam.header-too-large', line(`X: ${'y'.repeat(900)}\r\n`.repeat(75)), line(`X: ${'y'.repeat(900)}\r\n`.repeat(70))],
  ['spam.header-line-not-field', line('no field\r\n'), line(' a continuation\r\n')],
  ['spam.header-line-not-field', { content: 'From a@b Mon Jan 1\r\nTo: c@d\r\n\r\n' }, { content: 'From: a@b\r\nTo: c@d\r\n\r\n' }],
  ['spam.header-begins-with-space', { content: ' From: a@b\r\n\r\n' }, { content: 'From: a@b\r\n\r\n' }],
  ['spam.header-blank-continuation', line('X: a\r\n \t\r\n b\r\n'), line('X: a\r\n b\r\n')],
  ['spam.header-space-before-colon', line('X : a\r\n'), line('X:  a\r\n')],
  ['spam.header-bare-line-end', line('X: a\n'), line('X: a\r\n')],
  ['spam.header-bare-line-end', line('X: a\rb\r\n'), line('X: a b\r\n')],
  ['spam.header-nul', line('X: a\0\r\n'), line('X: a\x01\r\n')],
  ['spam.header-control-character', line('X: a\x1b\r\n'), line('X: a\t\r\n')],
  ['spam.header-control-character', line('X: a\x7f\r\n'), { body: '\x1b' }],
]

testRules(headerStructureRules, cases)
