import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { firstKeyAfter, isContentKey, madeAt, newContentKey } from './content-keys.ts'

test('a key says when it was made, to the millisecond, and is like no other', () => {
  for (const atMs of [0, 1, Date.UTC(2026, 10, 25, 23, 59, 59, 999), Date.UTC(2100, 0, 1)]) {
    const id = newMessageId()
    const [key, other] = [newContentKey(id, atMs), newContentKey(id, atMs)]
    assert.notEqual(key, other)
    assert.deepEqual([isContentKey(key), madeAt(key), key.includes(id)], [true, atMs, true])
  }
  assert.throws(() => newContentKey('../x', 0), RangeError)
})

test('keys are in the order of their minutes, and all that are older come before the first key after', () => {
  const times = [0, 59_999, 60_000, Date.UTC(2025, 11, 31, 23, 59), Date.UTC(2026, 0, 1)]
  const keys = times.map((atMs) => newContentKey(newMessageId(), atMs))
  assert.deepEqual(
    [...keys]
      .sort()
      .map(madeAt)
      .map((atMs) => Math.floor((atMs ?? 0) / 60_000)),
    times.map((atMs) => Math.floor(atMs / 60_000)),
  )
  for (const [index, atMs] of times.entries()) assert.ok((keys[index] ?? '') < firstKeyAfter(atMs))
})

test('what is no key of a content', () => {
  for (const key of [
    '',
    '..',
    '../../etc/passwd',
    '20260101/0000/x',
    '20260101/0000/x.1',
    'x/20260101/0000/a.012345678a',
    '20260101/0000/a/../b.012345678a',
  ]) {
    assert.deepEqual([isContentKey(key), madeAt(key)], [false, undefined], key)
  }
})
