import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { verifyDataFile } from './data-file.ts'
import { openEnvironment } from './open-environment.ts'

const base = mkdtempSync(join(tmpdir(), 'sallyport-data-'))
after(() => rmSync(base, { recursive: true, force: true }))
const whole = join(base, 'store', 'data.mdb')

before(async () => {
  const environment = await openEnvironment({ path: join(base, 'store') })
  const table = environment.table('t')
  for (let n = 0; n < 20; n++) {
    await environment.write((transaction) => transaction.put(table, Buffer.from(`${n}`), Buffer.alloc(50_000)), { durable: true })
  }
  await environment.close()
})

const corrupt = { code: 'DATA_FOLDER_CORRUPT', message: /restore the data folder from a backup, or move it away/ }

test('a whole file passes, and so do a missing and an empty one', () => {
  verifyDataFile(whole)
  verifyDataFile(join(base, 'missing'))
  writeFileSync(join(base, 'empty'), '')
  verifyDataFile(join(base, 'empty'))
})

for (const part of [0.001, 0.1, 0.5]) {
  test(`a file that was cut off at ${part} of its bytes is corrupt, which the engine would only find by a crash`, () => {
    const cut = join(base, `cut-${part}`)
    copyFileSync(whole, cut)
    truncateSync(cut, Math.floor(statSync(whole).size * part))
    assert.throws(() => verifyDataFile(cut), corrupt)
  })
}

test('a file of something else is corrupt', () => {
  writeFileSync(join(base, 'text'), 'hello '.repeat(10_000))
  assert.throws(() => verifyDataFile(join(base, 'text')), corrupt)
})
