import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTraceparent, isSampled, parseTraceparent, traceIdOf } from './traceparent.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'
const text = `00-${traceId}-${spanId}-01`

test('a traceparent is read and written', () => {
  assert.deepEqual(parseTraceparent(text), { traceId, spanId, isSampled: true })
  assert.deepEqual(parseTraceparent(` ${text}\r\n`), { traceId, spanId, isSampled: true })
  assert.equal(formatTraceparent({ traceId, spanId, isSampled: true }), text)
  assert.equal(formatTraceparent({ traceId, spanId, isSampled: false }), text.replace(/1$/, '0'))
  assert.equal(traceIdOf(text), traceId)
})

test('the flag is the last bit of a hexadecimal digit', () => {
  for (const digit of '0123456789abcdef')
    assert.equal(isSampled(`${text.slice(0, -1)}${digit}`), Number.parseInt(digit, 16) % 2 === 1, digit)
})

const wrong = [
  '',
  'nonsense',
  `01${text.slice(2)}`,
  text.toUpperCase(),
  `${text}0`,
  text.replace(traceId, '0'.repeat(32)),
  text.replace(spanId, '0'.repeat(16)),
]
for (const each of wrong)
  test(`not a traceparent: "${each}"`, () => {
    assert.equal(parseTraceparent(each), undefined)
    assert.equal(traceIdOf(each), '')
  })
