import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printable, replyReader, type SmtpReply } from './reply-reader.ts'

function read(...chunks: readonly (string | Buffer)[]): { replies: SmtpReply[]; isGood: boolean } {
  const replies: SmtpReply[] = []
  const reader = replyReader((reply) => void replies.push(reply))
  const isGood = chunks.every((chunk) => reader.push(Buffer.from(chunk)))
  return { replies, isGood }
}

test('replies of one and of several lines, wherever chunks are cut', () => {
  const cases: readonly [readonly string[], readonly SmtpReply[]][] = [
    [['250 2.0.0 Ok\r\n'], [{ code: 250, text: '2.0.0 Ok' }]],
    [['250\r\n'], [{ code: 250, text: '' }]],
    [
      ['25', '0 Ok\r', '\n550 no\n'],
      [
        { code: 250, text: 'Ok' },
        { code: 550, text: 'no' },
      ],
    ],
    [['550-5.1.1 one\r\n550 5.1.1 two\r\n'], [{ code: 550, text: '5.1.1 one 5.1.1 two' }]],
    [['451 a\u0000\u001b[31mb\r\n'], [{ code: 451, text: 'a [31mb' }]],
  ]
  for (const [chunks, expected] of cases) assert.deepEqual(read(...chunks), { replies: expected, isGood: true })
})

test('text is UTF-8 even where a character is cut, and cannot mislead a reader', () => {
  const bytes = Buffer.from('550 Postfach \u00fcberf\u00fcllt \u202eevil\r\n')
  for (let cut = 1; cut < bytes.length; cut++) {
    const { replies } = read(bytes.subarray(0, cut), bytes.subarray(cut))
    assert.equal(replies[0]?.text, 'Postfach \u00fcberf\u00fcllt evil')
  }
  assert.equal(printable('x'.repeat(1_000)).length, 500)
})

test('what is no reply, or has no end, is not read on', () => {
  for (const chunk of ['HTTP/1.1 200 OK\r\n', '99 x\r\n', '250_x\r\n', '\r\n', `250-${'x'.repeat(70_000)}`]) {
    assert.equal(read(chunk).isGood, false, chunk.slice(0, 20))
  }
  assert.equal(read('250-a\r\n'.repeat(20_000)).isGood, false)
})
