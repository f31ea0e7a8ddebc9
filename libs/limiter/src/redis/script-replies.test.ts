import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFillReply, readReserveReply } from './script-replies.ts'

function doubles(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8)
  values.forEach((value, index) => void bytes.writeDoubleLE(value, index * 8))
  return bytes
}

test('the answer to a reservation', () => {
  assert.deepEqual(readReserveReply(doubles(0, 1, 2_500, 0, 142.857, 0, 9e15, 2_500), 2), {
    repeated: false,
    outcome: 'refused',
    waitMs: 2.5,
    above: undefined,
    backlogsUs: [142.857, 9e15],
    waitsMs: [0, 2.5],
  })
  assert.deepEqual(readReserveReply(doubles(1, 2, 0, 1, 0, 0), 1), {
    repeated: true,
    outcome: 'above-burst',
    waitMs: 0,
    above: 0,
    backlogsUs: [0],
    waitsMs: [0],
  })
  assert.equal(readReserveReply(doubles(0, 0, 0, 0), 0)?.outcome, 'taken')
})

test('what is no answer to a reservation', () => {
  for (const reply of [null, 1, 'x', [], Buffer.alloc(0), doubles(0, 0, 0, 0), doubles(0, 3, 0, 0, 0, 0)]) {
    assert.equal(readReserveReply(reply, 1), undefined)
  }
})

test('a page of buckets, and where the next begins', () => {
  const page = [Buffer.from('app\0name\0é'), Buffer.from('app\0name\0é'), doubles(5, 2_000, 10)]
  assert.deepEqual(readFillReply(page), {
    rows: [{ name: 'name\0é', backlogUs: 5, intervalMs: 2, burst: 10 }],
    next: 'name\0é',
  })
  assert.deepEqual(readFillReply([Buffer.alloc(0)]), { rows: [], next: undefined })
  for (const reply of [
    null,
    [],
    ['x'],
    [Buffer.alloc(0), Buffer.from('a\0b')],
    [Buffer.alloc(0), Buffer.from('a\0b'), doubles(1)],
  ]) {
    assert.equal(readFillReply(reply), undefined)
  }
})
