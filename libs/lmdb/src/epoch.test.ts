import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { beginEpoch, endEpoch } from './epoch.ts'

const base = mkdtempSync(join(tmpdir(), 'sallyport-epoch-'))
after(() => rmSync(base, { recursive: true, force: true }))

test('an end that was not clean raises the epoch, a clean one does not', () => {
  const folder = mkdtempSync(join(base, 'f'))
  assert.equal(beginEpoch(folder), 0)
  endEpoch(folder, 0)
  assert.equal(beginEpoch(folder), 0)
  assert.equal(beginEpoch(folder), 1)
  assert.equal(beginEpoch(folder), 2)
  endEpoch(folder, 2)
  assert.equal(beginEpoch(folder), 2)
  assert.deepEqual(readdirSync(folder), ['epoch.2.open'])
})

test('of several files the highest counts, and an unclean end more than a clean one', () => {
  const folder = mkdtempSync(join(base, 'f'))
  for (const name of ['epoch.9.clean', 'epoch.10.clean', 'epoch.10.open', 'epoch.x.open']) writeFileSync(join(folder, name), '')
  assert.equal(beginEpoch(folder), 11)
  assert.deepEqual(readdirSync(folder).sort(), ['epoch.11.open', 'epoch.x.open'])
})
