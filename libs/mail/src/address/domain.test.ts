import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { displayDomain, normaliseDomain } from './domain.ts'

const label63 = 'a'.repeat(63)

const accepted: readonly (readonly [string, string])[] = [
  ['example.com', 'example.com'],
  ['EXAMPLE.Com', 'example.com'],
  ['localhost', 'localhost'],
  ['a-b.c--d.example', 'a-b.c--d.example'],
  ['_dmarc.example.com', '_dmarc.example.com'],
  ['3com.example', '3com.example'],
  [`${label63}.example`, `${label63}.example`],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['BÜCHER.Example', 'xn--bcher-kva.example'],
  ['bu\u0308cher.example', 'xn--bcher-kva.example'],
  ['xn--BCHER-kva.example', 'xn--bcher-kva.example'],
  ['faß.de', 'xn--fa-hia.de'],
  ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
  ['xn--bcher-kva.例え', 'xn--bcher-kva.xn--r8jz45g'],
  ['xn--fiqs8s', 'xn--fiqs8s'],
]

for (const [written, aDomain] of accepted) {
  test(`${JSON.stringify(written.slice(0, 40))} is ${aDomain.slice(0, 40)}`, () =>
    assert.deepEqual(normaliseDomain(written), { ok: true, aDomain }))
}

const refused: readonly (readonly [string, string])[] = [
  ['', 'domain-empty'],
  ['.', 'domain-trailing-dot'],
  ['example.com.', 'domain-trailing-dot'],
  ['bücher.example。', 'domain-idna'],
  ['.example.com', 'domain-syntax'],
  ['a..b', 'domain-syntax'],
  ['-a.example', 'domain-syntax'],
  ['a-.example', 'domain-syntax'],
  ['a b.example', 'domain-syntax'],
  ['a\0b.example', 'domain-syntax'],
  ['a@b.example', 'domain-syntax'],
  ['a/b.example', 'domain-syntax'],
  ['ü/b.example', 'domain-syntax'],
  ['ü%2eexample', 'domain-syntax'],
  ['ü:25', 'domain-syntax'],
  ['ü@evil.example', 'domain-syntax'],
  ['*.example.com', 'domain-syntax'],
  ['192.0.2.1', 'domain-syntax'],
  ['0x7f.1', 'domain-syntax'],
  ['example.123', 'domain-syntax'],
  ['１９２.0.2.1', 'domain-idna'],
  ['例え。テスト', 'domain-idna'],
  ['ｅｘａｍｐｌｅ.com', 'domain-idna'],
  ['𝐞𝐱𝐚𝐦𝐩𝐥𝐞.com', 'domain-idna'],
  ['ex\u00adample.com', 'domain-idna'],
  ['ex\u200bample.com', 'domain-idna'],
  ['ex\u2060ample.com', 'domain-idna'],
  ['[192.0.2.1]', 'domain-syntax'],
  [`${label63}a.example`, 'domain-syntax'],
  [`${`${label63}.`.repeat(3)}${label63}`, 'domain-too-long'],
  ['a.'.repeat(300), 'domain-too-long'],
  ['xn--a', 'domain-idna'],
  ['xn--', 'domain-syntax'],
  ['xn--zzzz9.example', 'domain-idna'],
  ['\u202eabc.example', 'domain-idna'],
  ['a\u200db.example', 'domain-idna'],
  ['℀.example', 'domain-idna'],
  ['a\ud800.example', 'domain-idna'],
  ['a\ufffdb.example', 'domain-idna'],
  ['ü\u00a0.example', 'domain-idna'],
]

for (const [written, fault] of refused) {
  test(`${JSON.stringify(written.slice(0, 40))} is refused: ${fault}`, () =>
    assert.deepEqual(normaliseDomain(written), { ok: false, fault }))
}

test('people see U-labels', () => {
  assert.equal(displayDomain('xn--bcher-kva.example'), 'bücher.example')
  assert.equal(displayDomain('example.com'), 'example.com')
  assert.equal(displayDomain('[192.0.2.1]'), '[192.0.2.1]')
})

test('what is accepted is in one form: normalising again, or its U-labels, changes nothing', () => {
  const label = fc.oneof(
    fc.domain(),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('ü', 'ß', '例', 'xn--bcher-kva', 'A', '1'),
  )
  fc.assert(
    fc.property(fc.array(label, { maxLength: 4 }), (labels) => {
      const result = normaliseDomain(labels.join('.'))
      if (!result.ok) return
      assert.match(result.aDomain, /^[a-z0-9_.-]{1,253}$/)
      assert.deepEqual(normaliseDomain(result.aDomain), result)
      assert.deepEqual(normaliseDomain(displayDomain(result.aDomain)), result)
    }),
    { numRuns: 2_000 },
  )
})
