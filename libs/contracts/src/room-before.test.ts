import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinBehindRoom, takeRoomBefore } from './room-before.ts'

const pieces = [Buffer.from('one '), Buffer.alloc(0), new Uint8Array(Buffer.from('two'))]

test('pieces become one, and what is put before them is one with them without a copy', () => {
  const content = joinBehindRoom(pieces)
  assert.equal(content.toString(), 'one two')
  const whole = takeRoomBefore(content, 3)
  assert.ok(whole)
  whole.write('no ', 0)
  assert.equal(whole.toString(), 'no one two')
  assert.equal(content.toString(), 'one two')
  assert.equal(whole.buffer, content.buffer)
})

test('only one gets the room, since who has it may still be reading it', () => {
  const content = joinBehindRoom(pieces)
  assert.ok(takeRoomBefore(content, 1))
  assert.equal(takeRoomBefore(content, 1), undefined)
})

test('there is no room before other bytes, before a view of the content, and for too much', () => {
  const content = joinBehindRoom(pieces)
  assert.equal(takeRoomBefore(Buffer.from('other'), 0), undefined)
  assert.equal(takeRoomBefore(content.subarray(1), 1), undefined)
  assert.equal(takeRoomBefore(content, 64 * 1024), undefined)
  assert.ok(takeRoomBefore(content, 2_000))
})
