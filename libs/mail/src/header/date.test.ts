import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatDate, parseDate } from './date.ts'

const at = (iso: string): number => Date.parse(iso)

const dates: readonly (readonly [string, number | undefined])[] = [
  ['Tue, 25 Nov 2025 00:12:00 +0000', at('2025-11-25T00:12:00Z')],
  ['25 Nov 2025 00:12 -0130', at('2025-11-25T01:42:00Z')],
  ['Tue,  5 Nov 2025 00:12:00 +0530 (IST)', at('2025-11-04T18:42:00Z')],
  ['Tue, 25 Nov 2025 (day) 00:12:00 (nested (comment) \\) ) GMT', at('2025-11-25T00:12:00Z')],
  ['Fri, 21 Nov 97 09:55:06 -0600', at('1997-11-21T15:55:06Z')],
  ['21 Nov 49 00:00:00 UT', at('2049-11-21T00:00:00Z')],
  ['21 Nov 103 00:00:00 EST', at('2003-11-21T05:00:00Z')],
  ['21 Nov 2025 00:00:00 PDT', at('2025-11-21T07:00:00Z')],
  ['21 Nov 2025 00:00:00 Z', at('2025-11-21T00:00:00Z')],
  ['21 Nov 2025 00:00:00', at('2025-11-21T00:00:00Z')],
  ['29 Feb 2024 00:00:00 +0000', at('2024-02-29T00:00:00Z')],
  ['30 Jun 2015 23:59:60 +0000', at('2015-07-01T00:00:00Z')],
  ['29 Feb 2025 00:00:00 +0000', undefined],
  ['0 Feb 2025 00:00:00 +0000', undefined],
  ['1 Foo 2025 00:00:00 +0000', undefined],
  ['1 Feb 2025 24:00:00 +0000', undefined],
  ['1 Feb 2025 00:60:00 +0000', undefined],
  ['2025-11-25T00:12:00Z', undefined],
  ['', undefined],
  ['('.repeat(2_000), undefined],
]

for (const [value, time] of dates) test(JSON.stringify(value.slice(0, 60)), () => assert.equal(parseDate(value), time))

test('dates are written as RFC 5322 asks, also after another second was', () => {
  assert.equal(formatDate(at('2025-11-25T00:12:07.999Z')), 'Tue, 25 Nov 2025 00:12:07 +0000')
  assert.equal(formatDate(at('2025-11-05T10:00:00Z')), 'Wed, 05 Nov 2025 10:00:00 +0000')
  assert.equal(formatDate(at('2025-11-25T00:12:07.001Z')), 'Tue, 25 Nov 2025 00:12:07 +0000')
})

test('a date that was written is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: at('1900-01-01T00:00:00Z') / 1_000, max: at('9999-12-31T00:00:00Z') / 1_000 }), (second) => {
      assert.equal(parseDate(formatDate(second * 1_000)), second * 1_000)
    }),
  )
})

test('never throws', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123 :+-,()\\JanMonGMT') }), (value) => void parseDate(value)))
})
