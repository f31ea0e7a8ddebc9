import assert from 'node:assert/strict'
import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { defaultMinFreeBytes, minFreeBytesOf } from './min-free-bytes.ts'

const gib = 1024 ** 3

for (const { disk, free } of [
  { disk: 1 * gib, free: 2 * gib },
  { disk: 40 * gib, free: 2 * gib },
  { disk: 41 * gib, free: Math.ceil((41 * gib) / 20) },
  { disk: 1000 * gib, free: 50 * gib },
]) {
  test(`of ${disk / gib} GiB, ${(free / gib).toFixed(2)} GiB stay free`, () => assert.equal(minFreeBytesOf(disk), free))
}

test('the disk is that of the folder; one that cannot be looked at leaves 2 GiB', async () => {
  const { blocks, bsize } = statfsSync(tmpdir())
  assert.equal(await defaultMinFreeBytes(tmpdir()), minFreeBytesOf(blocks * bsize))
  assert.equal(await defaultMinFreeBytes('/does/not/exist'), 2 * gib)
})
