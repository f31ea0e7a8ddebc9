import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followWallClock, wallMs } from './wall-clock.ts'

test("the clock of spans is the system's, and goes where that goes", () => {
  followWallClock()
  assert.ok(Math.abs(wallMs() - Date.now()) < 1_000)
  followWallClock(wallMs() + 1)
  const farMs = Date.now() + 3_600_000
  followWallClock(farMs)
  assert.ok(Math.abs(wallMs() - farMs) < 1_000)
  followWallClock()
  assert.ok(Math.abs(wallMs() - Date.now()) < 1_000)
})
