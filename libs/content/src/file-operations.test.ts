import assert from 'node:assert/strict'
import { test } from 'node:test'
import { after } from './file-operations.ts'

const chunks = ['ab', '', 'cde', 'f'].map((text) => Buffer.from(text))

for (let bytes = 0; bytes <= 6; bytes++) {
  test(`after a write that took ${bytes} of 6 bytes, the others are left`, () => {
    assert.equal(Buffer.concat(after(chunks, bytes)).toString(), 'abcdef'.slice(bytes))
    assert.equal(after(chunks, bytes).length === 0, bytes === 6)
  })
}
