import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cut } from './slab.ts'

test('pieces have the length that was asked for, are aligned, and never overlap', () => {
  const pieces = Array.from({ length: 3_000 }, (_, n) => cut([0, 1, 7, 600, 2_048, 2_049, 10_240, 98_304, 98_305][n % 9] ?? 0))
  for (const [n, piece] of pieces.entries()) piece.fill(n % 251)
  for (const [n, piece] of pieces.entries()) {
    assert.ok(Buffer.alloc(piece.byteLength, n % 251).equals(piece), `piece ${n} was overwritten`)
    assert.equal(piece.byteOffset % 8, 0)
  }
  assert.deepEqual(
    pieces.slice(0, 9).map(({ byteLength }) => byteLength),
    [0, 1, 7, 600, 2_048, 2_049, 10_240, 98_304, 98_305],
  )
})

test('small pieces that are kept do not keep the slabs of messages', () => {
  const kept = Array.from({ length: 500 }, () => {
    cut(10_240)
    return cut(600)
  })
  const memory = new Set(kept.map(({ buffer }) => buffer))
  const bytes = [...memory].reduce((sum, { byteLength }) => sum + byteLength, 0)
  assert.ok(bytes < 2 * 500 * 600, `${bytes} bytes are kept for ${500 * 600}`)
})
