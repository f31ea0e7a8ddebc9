import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addHeaders } from './add-headers.ts'

test('fields stand in front, and the content is the very same bytes', () => {
  const content = Buffer.from('From: a@b\r\n\r\nbody')
  const { parts, contentBytes } = addHeaders(content, ['Received: x\r\n', 'X-Sallyport-Id: ü\r\n'])
  assert.equal(parts[1], content)
  assert.equal(Buffer.concat(parts).toString(), 'Received: x\r\nX-Sallyport-Id: ü\r\nFrom: a@b\r\n\r\nbody')
  assert.equal(contentBytes, Buffer.concat(parts).length)
})
