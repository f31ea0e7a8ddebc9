/** For tests of rules: a message with one thing wrong, and its nearest neighbour with nothing wrong. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMime } from '../mime/read-mime.ts'
import { type LintFacts, lintInput } from './lint-input.ts'
import type { LintInput, LintRule } from './port.ts'

export const receivedAt = Date.UTC(2025, 10, 25, 8, 30)

const ordinary: Readonly<Record<string, string>> = {
  From: 'Billing <billing@example.com>',
  To: 'ann@example.net',
  Subject: 'Your invoice',
  Date: 'Tue, 25 Nov 2025 09:30:00 +0100',
  'Message-ID': '<1@example.com>',
}

/** How a message differs from an ordinary one. Text is written as Latin-1, so that any octet can stand in it. */
export interface Difference {
  /** Fields that have another value; undefined: that are not there. */
  readonly fields?: Readonly<Record<string, string | undefined>>
  /** Lines behind the fields, each with its line end. */
  readonly lines?: string
  readonly body?: string
  /** The whole message instead. */
  readonly content?: string
  readonly envelope?: Partial<Omit<LintFacts, 'mime'>>
  /** The message is this long, and its content only the beginning. */
  readonly contentBytes?: number
}

export function messageWith({ fields, lines = '', body = 'Hello.\r\n', content, envelope, contentBytes }: Difference): LintInput {
  const values = { ...ordinary, ...fields }
  const header = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\r\n`]))
  const bytes = Buffer.from(content ?? `${header.join('')}${lines}\r\n${body}`, 'latin1')
  return lintInput({
    mime: readMime(bytes, contentBytes === undefined ? {} : { contentBytes }),
    sender: 'billing@example.com',
    recipients: ['ann@example.net'],
    isBulk: false,
    isSmtpUtf8: false,
    receivedAt,
    ...envelope,
  })
}

/** The rule, the message in which it finds something, and the one in which it does not. */
export type RuleCase = readonly [id: string, bad: Difference, good: Difference]

/** Each case is a test, and each rule must have a case. */
export function testRules(rules: readonly LintRule[], cases: readonly RuleCase[]): void {
  for (const [place, [id, bad, good]] of cases.entries()) {
    const rule = rules.find((candidate) => candidate.id === id)
    const rank = cases.slice(0, place).filter(([earlier]) => earlier === id).length
    test(rank === 0 ? id : `${id}, ${rank + 1}`, () => {
      assert.ok(rule)
      assert.notEqual(rule.find(messageWith(bad)), undefined, 'finds nothing')
      assert.equal(rule.find(messageWith(good)), undefined)
    })
  }
  test('every rule has a case', () => {
    assert.deepEqual(
      rules.map(({ id }) => id).filter((id) => !cases.some(([tested]) => tested === id)),
      [],
    )
  })
}
