import assert from 'node:assert/strict'
import { test } from 'node:test'
import { transferForm } from './transfer-form.ts'

const rows: readonly (readonly [string, string])[] = [
  ['', '7bit'],
  ['a\r\nb\r\n', '7bit'],
  ['a\r\nb', '7bit'],
  ['\xfc\r\n', '8bit'],
  ['a\0\r\n', 'binary'],
  ['a\n', 'binary'],
  ['a\rb\r\n', 'binary'],
  ['a\r', 'binary'],
  [`${'x'.repeat(998)}\r\n${'x'.repeat(998)}`, '7bit'],
  [`${'x'.repeat(999)}\r\n`, 'binary'],
  [`a\r\n${'x'.repeat(999)}`, 'binary'],
  [`\xfc${'x'.repeat(998)}\r\n`, 'binary'],
]

for (const [text, form] of rows) {
  test(`${JSON.stringify(text.slice(0, 20))} is ${form}`, () => assert.equal(transferForm(Buffer.from(text, 'latin1')), form))
}
