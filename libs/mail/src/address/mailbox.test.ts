import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anyText } from '@sallyport/testkit/any-text'
import fc from 'fast-check'
import { parseMailbox } from './mailbox.ts'

const local64 = 'l'.repeat(64)
const longDomain = `${'d'.repeat(63)}.${'d'.repeat(63)}.${'d'.repeat(61)}`

/** Written, address in one form. */
const accepted: readonly (readonly [string, string])[] = [
  ['user@example.com', 'user@example.com'],
  ['User@EXAMPLE.com', 'User@example.com'],
  ['"user"@example.com', 'user@example.com'],
  ['"us\\er"@example.com', 'user@example.com'],
  ['"a b"@example.com', '"a b"@example.com'],
  ['"a\\ b"@example.com', '"a b"@example.com'],
  ['"a@b"@example.com', '"a@b"@example.com'],
  ['"a\\"b\\\\c"@example.com', '"a\\"b\\\\c"@example.com'],
  ['""@example.com', '""@example.com'],
  ['"a..b"@example.com', '"a..b"@example.com'],
  ["!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"],
  ['user@[192.0.2.1]', 'user@[192.0.2.1]'],
  ['user@[IPv6:2001:DB8::1]', 'user@[IPv6:2001:db8::1]'],
  ['@a.example,@b.example:user@c.example', 'user@c.example'],
  ['user@bücher.example', 'user@xn--bcher-kva.example'],
  ['jörg@example.com', 'jörg@example.com'],
  ['jo\u0308rg@example.com', 'jörg@example.com'],
  ['"jörg"@example.com', 'jörg@example.com'],
  ['"jörg m"@example.com', '"jörg m"@example.com'],
  ['👍@example.com', '👍@example.com'],
  [`${local64}@example.com`, `${local64}@example.com`],
  [`${local64}@${longDomain}`, `${local64}@${longDomain}`],
]

for (const [written, address] of accepted) {
  test(`${written.slice(0, 60)} is ${address.slice(0, 60)}`, () => {
    const result = parseMailbox(written)
    assert.ok(result.ok)
    assert.equal(result.address, address)
    assert.equal(`${result.localPart}@${result.aDomain}`, address)
    assert.equal(result.kind, address.endsWith(']') ? 'literal' : 'name')
    assert.equal(result.needsSmtpUtf8, /[^ -~]/.test(address))
  })
}

const refused: readonly (readonly [string, string])[] = [
  ['', 'empty'],
  ['user', 'at-missing'],
  ['"user"', 'at-missing'],
  ['@example.com', 'route-syntax'],
  ['@a.example', 'route-syntax'],
  ['@a b:user@c.example', 'route-syntax'],
  ['@a.example,b.example:user@c.example', 'route-syntax'],
  ['@a.example:@c.example', 'local-part-empty'],
  ['user@', 'domain-empty'],
  ['user@example.com.', 'domain-trailing-dot'],
  ['user@a@example.com', 'domain-syntax'],
  ['a b@example.com', 'local-part-syntax'],
  ['.a@example.com', 'local-part-syntax'],
  ['a.@example.com', 'local-part-syntax'],
  ['a..b@example.com', 'local-part-syntax'],
  ['"a"b@example.com', 'local-part-syntax'],
  ['a"b"@example.com', 'local-part-syntax'],
  ['"a@example.com', 'local-part-syntax'],
  ['<user@example.com>', 'local-part-syntax'],
  [' user@example.com', 'local-part-syntax'],
  ['user@example.com ', 'domain-syntax'],
  ['user@example.com\r\nRCPT TO:<x@y>', 'local-part-syntax'],
  ['user\0@example.com', 'local-part-syntax'],
  ['user@example.com\0', 'local-part-syntax'],
  ['u\u0085ser@example.com', 'local-part-syntax'],
  ['u\ud800ser@example.com', 'local-part-syntax'],
  ['u\ufffdser@example.com', 'local-part-syntax'],
  ['(c)user@example.com', 'local-part-syntax'],
  ['user@[192.0.2.300]', 'literal-syntax'],
  ['user@[192.0.2.1', 'literal-syntax'],
  ['user@[x:y]', 'literal-syntax'],
  ['user@192.0.2.1', 'domain-syntax'],
  ['user@xn--a', 'domain-idna'],
  [`${local64}l@example.com`, 'local-part-too-long'],
  [`${'ü'.repeat(33)}@example.com`, 'local-part-too-long'],
  [`"${'l'.repeat(63)}"@example.com`, 'local-part-too-long'],
  [`${local64}@${longDomain}d`, 'too-long'],
  ['x'.repeat(100_000), 'too-long'],
  [`"${'\\"'.repeat(100_000)}`, 'too-long'],
]

for (const [written, fault] of refused) {
  test(`${JSON.stringify(written.slice(0, 60))} is refused: ${fault}`, () =>
    assert.deepEqual(parseMailbox(written), { ok: false, fault }))
}

const texts = fc.oneof(
  anyText(300),
  fc.string({ unit: fc.constantFrom(...'ab.@"\\ +<>,:;()[]\r\n\0ü例\ud800') }),
  fc.emailAddress(),
)

test('never throws, and what it accepts is in one form', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const result = parseMailbox(text)
      if (!result.ok) return
      assert.doesNotMatch(result.address, /[\r\n\0<>]$/)
      const again = parseMailbox(result.address)
      assert.ok(again.ok)
      assert.equal(again.address, result.address)
      assert.ok(Buffer.byteLength(result.address) <= 254)
    }),
    { numRuns: 3_000 },
  )
})

test('quoting does not make another mailbox', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'abc.+-_=ü'), minLength: 1, maxLength: 20 }), (content) => {
      const plain = parseMailbox(`${content}@example.com`)
      const quoted = parseMailbox(`"${content}"@example.com`)
      assert.ok(quoted.ok)
      if (plain.ok) assert.equal(quoted.address, plain.address)
      else assert.equal(quoted.address, `"${content}"@example.com`)
    }),
  )
})
