import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMessageId, messageIdTimeMs } from '@sallyport/contracts'
import { derivedMessageId } from './derived-message-id.ts'

const from = '0193a1b2-0000-7000-8000-000000000000'

test('the same parts always give the same id, and others another', () => {
  const id = derivedMessageId(from, '1,2', 3)
  assert.equal(id, derivedMessageId(from, '1,2', '3'))
  assert.ok(isMessageId(id))
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const others = [
    derivedMessageId(from, 'a', 'bc'),
    derivedMessageId(from, 'ab', 'c'),
    derivedMessageId(from, 'abc'),
    derivedMessageId(from, 'a', 'bc', ''),
    derivedMessageId(from),
    derivedMessageId('0193a1b2-0000-7000-8000-000000000001', 'abc'),
  ]
  assert.equal(new Set(others).size, others.length)
})

test('it has the time of what it is derived from', () => {
  assert.equal(messageIdTimeMs(derivedMessageId(from, 'dsn')), messageIdTimeMs(from))
})
