import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inlineRoom } from './inline-room.ts'

const kib = 1_024

for (const [wanted, recipients, room] of [
  [190, 0, 190],
  [190, 34, 190],
  [190, 100, 124],
  [64, 128, 64],
  [64, 300, 0],
] as const) {
  test(`${wanted} KiB wanted beside ${recipients} KiB of recipients: ${room} KiB travel inline`, () =>
    assert.equal(inlineRoom(wanted * kib, recipients * kib), room * kib))
}
