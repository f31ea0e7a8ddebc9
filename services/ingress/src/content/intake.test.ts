import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryContent } from '@sallyport/testkit'
import { ContentMemory } from './content-memory.ts'
import { Intake } from './intake.ts'

const message = Buffer.from(`From: a@example.com\r\n\r\n${'body\r\n'.repeat(2_000)}`)
const ourFields = Buffer.from('X-Sallyport-Id: 1\r\n')
const intake = (): Intake =>
  new Intake({
    messageId: '1',
    store: memoryContent(),
    ourFields,
    maxMessageBytes: 1_000_000,
    maxInlineBytes: 65_536,
    memory: new ContentMemory(1_000_000),
    refuseBareLineEnds: false,
  })

for (const pieceBytes of [1, 7, 4_096, message.length]) {
  test(`content in pieces of ${pieceBytes} bytes is one content, and is held as few`, async () => {
    const made = intake()
    const concat = Buffer.concat
    let most = 0
    Buffer.concat = (list, ...more) => {
      most = Math.max(most, list.length)
      return concat(list, ...more)
    }
    try {
      for (let at = 0; at < message.length; at += pieceBytes) {
        assert.equal(made.take(message.subarray(at, at + pieceBytes)), undefined)
      }
      const taken = await made.finish(false)
      assert.ok(taken.kind === 'taken')
      assert.deepEqual(Buffer.from(taken.taken.bytes), concat([ourFields, message]))
      assert.equal(taken.taken.content.headerBytes, ourFields.length + 23)
      assert.ok(most <= 257)
    } finally {
      Buffer.concat = concat
    }
  })
}

test('what was dropped is never taken for content', async () => {
  const made = intake()
  void made.take(message)
  made.abort()
  assert.equal((await made.finish(false)).kind, 'failed')
})
