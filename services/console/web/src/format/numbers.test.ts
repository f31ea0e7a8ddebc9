import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytes, counted, percent, rate, shortCount } from './numbers.ts'

test('a share never rounds a few to none, nor nearly all to all', () => {
  assert.deepEqual(
    [percent(0, 0), percent(0, 9), percent(1, 100_000), percent(1, 3), percent(99_999, 100_000), percent(5, 5), percent(1, 30)],
    ['–', '0 %', '<0.1 %', '33 %', '>99.9 %', '100 %', '3.3 %'],
  )
})

test('sizes go up in binary steps', () => {
  assert.deepEqual(
    [bytes(0), bytes(1023), bytes(1024), bytes(18_211), bytes(52_428_800)],
    ['0 B', '1023 B', '1.0 KiB', '18 KiB', '50 MiB'],
  )
})

test('rates show tenths only where they say something, counts say one or many', () => {
  assert.deepEqual([rate(0), rate(0.44), rate(9.96), rate(1234.5)], ['0', '0.4', '10', '1,235'])
  assert.deepEqual([counted(1, 'message'), counted(1200, 'message'), shortCount(1234)], ['1 message', '1,200 messages', '1.2K'])
})
