/** Mail and policy read domains by functions of their own: what both take is the same domain, and mail is never the milder. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normaliseDomain } from '@sallyport/mail'
import { domainMatcher, toALabel } from '@sallyport/policy'
import fc from 'fast-check'

const letters = [
  'a',
  'z',
  'A',
  '0',
  '-',
  '_',
  '.',
  'ü',
  'Ü',
  'u\u0308',
  'ß',
  'ς',
  'İ',
  'ａ',
  '。',
  '．',
  '\u00ad',
  '\u200d',
  '例',
  'é',
  'xn--',
  'а',
  'ـ',
  '①',
]
const domains = fc.oneof(
  fc.domain(),
  fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 12 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 8 }).map((parts) => `${parts.join('')}.example.com`),
)

test('a domain that mail takes is authorized by a policy that names it as it is written, and by its A-labels', () => {
  fc.assert(
    fc.property(domains, (domain) => {
      const read = normaliseDomain(domain)
      if (!read.ok) return
      assert.equal(toALabel(domain), read.aDomain)
      assert.notEqual(domainMatcher([domain]).matches(read.aDomain), undefined)
      assert.notEqual(domainMatcher([read.aDomain]).matches(read.aDomain), undefined)
    }),
    { numRuns: 5_000 },
  )
})

/** A policy is typed by people: there these are what they look like. In a message they are refused. */
for (const [name, written, meant] of [
  ['full width letters', 'ｅxample.com', 'example.com'],
  ['an ideographic full stop', 'example。com', 'example.com'],
  ['a soft hyphen', 'exam\u00adple.com', 'example.com'],
  ['a final dot', 'example.com.', 'example.com'],
] as const) {
  test(`${name}: the policy means ${meant}, and no message passes with it`, () => {
    assert.equal(toALabel(written), meant)
    assert.equal(normaliseDomain(written).ok, false)
  })
}
