import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMessageId } from '@sallyport/contracts'
import { derivedMessageId } from './derived-message-id.ts'

test('the same parts always give the same id, and others another', () => {
  const id = derivedMessageId('0193a1b2-0000-7000-8000-000000000000', '1,2', 3)
  assert.equal(id, derivedMessageId('0193a1b2-0000-7000-8000-000000000000', '1,2', '3'))
  assert.ok(isMessageId(id))
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const others = [
    derivedMessageId('a', 'bc'),
    derivedMessageId('ab', 'c'),
    derivedMessageId('abc'),
    derivedMessageId('a', 'bc', ''),
    derivedMessageId(),
  ]
  assert.equal(new Set(others).size, others.length)
})
