import assert from 'node:assert/strict'
import { test } from 'node:test'
import { burstReachedReply, limitReachedReply, limitReachedText } from './limit-reached.ts'
import { replyLine } from './reply.ts'

const nowMs = Date.UTC(2026, 0, 1)
const reached = { text: '60/h recipients per application billing, burst 5', count: 'recipients', cost: 3, remaining: 1 } as const

for (const [waitMs, moment] of [
  [0.1, 'in 1 s, at 2026-01-01T00:00:00Z'],
  [119_001, 'in 2 min, at 2026-01-01T00:01:59Z'],
  [118_999.5, 'in 119 s, at 2026-01-01T00:01:59Z'],
  [7_200_000, 'in 2 h, at 2026-01-01T02:00:00Z'],
] as const) {
  test(`a wait of ${waitMs} ms is told as ${moment}`, () => {
    assert.equal(
      limitReachedText({ ...reached, waitMs }, nowMs),
      `This message counts 3 recipients, and the limit of ${reached.text} is reached: 1 remain now, enough ${moment}.`,
    )
  })
}

test('the answer before the content says what that to DATA says', () => {
  assert.equal(
    replyLine(limitReachedReply({ ...reached, cost: 1, count: 'bytes', waitMs: 1_001 }, nowMs)),
    `451 4.7.1 try again in 2 s: This message counts 1 byte, and the limit of ${reached.text} is reached: 1 remain now, enough in 2 s, at 2026-01-01T00:00:01Z. (throttle.limit-reached)`,
  )
})

test('however long the name of a limit is, the answers are one line of SMTP', () => {
  const text = `1/h recipients per sender ${'ü\r\n'.repeat(400)}@example.com`
  for (const reply of [limitReachedReply({ ...reached, text, waitMs: 9 }, nowMs), burstReachedReply(text, 5)]) {
    const line = replyLine(reply)
    assert.match(line, /^[\x20-\x7e]{400,510}$/)
  }
})
