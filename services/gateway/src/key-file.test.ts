import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gatewayKey } from './key-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-key-'))
after(() => rmSync(folder, { recursive: true }))

test('the key is made once, for this user only, and is the same afterwards', async () => {
  const path = join(folder, 'gateway.key')
  const made = await gatewayKey(path)
  assert.equal(made.length, 32)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(Buffer.from(await gatewayKey(path)), Buffer.from(made))
  assert.notDeepEqual(Buffer.from(await gatewayKey(join(folder, 'another.key'))), Buffer.from(made))
})

test('a key that broke off is not used', async () => {
  const path = join(folder, 'short.key')
  writeFileSync(path, Buffer.alloc(31))
  await assert.rejects(gatewayKey(path), { code: 'DATA_FOLDER_CORRUPT', message: /short\.key holds 31 bytes/ })
})
