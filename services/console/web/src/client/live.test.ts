import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEventReader, readEvents, type ServerEvent } from './live.ts'

const text = ': hello\n\nevent: overview\ndata: {"a":1}\n\nevent: mail\r\nid: 7\r\ndata: one\r\ndata: two\r\n\r\ndata:plain\n\n'
const expected: readonly ServerEvent[] = [
  { event: 'overview', data: '{"a":1}' },
  { event: 'mail', data: 'one\ntwo' },
  { event: 'message', data: 'plain' },
]

test('events are the same however the stream is cut', () => {
  for (let size = 1; size <= text.length; size++) {
    const read = createEventReader()
    const found: ServerEvent[] = []
    for (let at = 0; at < text.length; at += size) found.push(...read(text.slice(at, at + size)))
    assert.deepEqual(found, expected, `in pieces of ${size}`)
  }
})

test('a character that is cut in two comes whole', async () => {
  const bytes = new TextEncoder().encode('data: grün\n\n')
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
      controller.close()
    },
  })
  const found: ServerEvent[] = []
  await readEvents(stream, (event) => found.push(event))
  assert.deepEqual(found, [{ event: 'message', data: 'grün' }])
})
