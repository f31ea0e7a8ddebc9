import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anyText } from '@sallyport/testkit/any-text'
import fc from 'fast-check'
import { maxListedAddresses, parseAddressList } from './address-list.ts'
import { HeaderTokens } from './header-token.ts'

/** Value, addresses, fault codes, displays where they matter. */
type Row = readonly [value: string, addresses: readonly string[], faults?: readonly string[], displays?: readonly string[]]

const rows: readonly Row[] = [
  ['a@x.example', ['a@x.example']],
  ['<a@x.example>', ['a@x.example']],
  ['Ann <a@x.example>', ['a@x.example'], [], ['Ann']],
  ['Ann B. Clark <a@x.example>', ['a@x.example'], [], ['Ann B. Clark']],
  ['"Clark, Ann" <A@X.Example>', ['A@x.example'], [], ['Clark, Ann']],
  ['"a \\"b\\" c" <a@x.example>', ['a@x.example'], [], ['a "b" c']],
  ['a@x.example (Ann)', ['a@x.example']],
  ['a@x.example, Bob <b@y.example>', ['a@x.example', 'b@y.example'], [], ['', 'Bob']],
  ['"a b"@x.example', ['"a b"@x.example']],
  ['"a"@x.example', ['a@x.example']],
  ['a@[192.0.2.1]', ['a@[192.0.2.1]']],
  ['a@bücher.example', ['a@xn--bcher-kva.example']],
  ['jörg@x.example', ['jörg@x.example']],
  // Who is meant, and who only stands there.
  ['"a@ours.example" <b@theirs.example>', ['b@theirs.example'], [], ['a@ours.example']],
  ['"a@ours.example <a@ours.example>" <b@theirs.example>', ['b@theirs.example']],
  ['a@ours.example <b@theirs.example>', ['b@theirs.example'], ['display-syntax']],
  ['a@ours.example,<b@theirs.example>', ['a@ours.example', 'b@theirs.example']],
  ['<a@ours.example> <b@theirs.example>', ['a@ours.example', 'b@theirs.example'], ['text-after-address']],
  ['<a@ours.example>b@theirs.example', ['a@ours.example'], ['text-after-address']],
  ['a@ours.example b@theirs.example', [], ['address-syntax']],
  ['a@ours.example@theirs.example', [], ['address-syntax']],
  ['<a@ours.example@theirs.example>', [], ['address-syntax']],
  ['a@ours.example(b@theirs.example)', ['a@ours.example']],
  ['(a@ours.example) b@theirs.example', ['b@theirs.example']],
  ['b@theirs(.example) .example (a@ours.example)', ['b@theirs.example'], ['obsolete-syntax']],
  ['b@theirs.example(\\) a@ours.example', ['b@theirs.example'], ['unclosed-comment']],
  ['(a (nested (deep)) @ours.example) b@theirs.example', ['b@theirs.example']],
  ['=?utf-8?Q?a=40ours=2Eexample?= <b@theirs.example>', ['b@theirs.example'], [], ['a@ours.example']],
  ['=?utf-8?Q?a=40ours.example?=@theirs.example', ['=?utf-8?Q?a=40ours.example?=@theirs.example']],
  ['"a@ours.example\r\n\t" <b@theirs.example>', ['b@theirs.example'], [], ['a@ours.example']],
  ['<a@ours.example\0@theirs.example>', [], ['control-character', 'address-syntax']],
  ['a@ours.example\0', [], ['control-character', 'address-syntax']],
  ['"a\0"@ours.example', [], ['control-character', 'address-syntax']],
  ['a@ours.example\rb@theirs.example', [], ['control-character', 'address-syntax']],
  ['a@ours.example\n', ['a@ours.example'], ['control-character']],
  ['a@ours.example,\r\n b@x.example', ['a@ours.example', 'b@x.example']],
  ['a@ours.example\u00a0', [], ['domain-syntax']],
  ['a@ours.example\\', [], ['stray-character', 'address-syntax']],
  // Broken.
  ['', []],
  ['  ', []],
  ['Ann', [], ['address-missing']],
  ['Ann <>', [], ['address-missing']],
  ['<a>', [], ['address-syntax']],
  ['<a@x.example', ['a@x.example'], ['unclosed-angle']],
  ['"Ann <a@x.example>', [], ['unclosed-quote', 'address-missing']],
  ['(Ann <a@x.example>', [], ['unclosed-comment']],
  ['a@[192.0.2.1', [], ['unclosed-literal', 'domain-syntax']],
  ['a@[\\192.0.2.1]', [], ['domain-syntax']],
  ['a@', [], ['address-syntax']],
  ['@x.example', [], ['address-syntax']],
  ['a..b@x.example', [], ['address-syntax']],
  ['.a@x.example', [], ['address-syntax']],
  ['a@x..example', [], ['address-syntax']],
  ['a@x.example.', [], ['address-syntax']],
  ['a b@x.example', [], ['address-syntax']],
  ['a@"x.example"', [], ['address-syntax']],
  ['[a]@x.example', [], ['address-syntax']],
  ['a@192.0.2.1', [], ['domain-syntax']],
  ['a@xn--a', [], ['domain-syntax']],
  ['a > b@x.example', [], ['address-syntax']],
  ['bad, a@x.example', ['a@x.example'], ['address-missing']],
  ['Clark, Ann <a@x.example>', ['a@x.example'], ['address-missing']],
  // Groups.
  ['undisclosed-recipients:;', []],
  ['Team: a@x.example, Bob <b@y.example>;, c@z.example', ['a@x.example', 'b@y.example', 'c@z.example'], [], ['', 'Bob', '']],
  ['Team: a@x.example', ['a@x.example'], ['group-syntax']],
  ['A: B: a@x.example;', ['a@x.example'], ['group-syntax']],
  ['a@x.example;', ['a@x.example'], ['group-syntax']],
  ['mailto:a@x.example', ['a@x.example'], ['group-syntax']],
  ['Team:a@x.example; b@y.example', ['a@x.example', 'b@y.example'], ['text-after-address']],
  ['A: a@x.example; B: b@y.example;', ['a@x.example', 'b@y.example'], ['text-after-address']],
  ['A: a@x.example;, B: b@y.example;', ['a@x.example', 'b@y.example']],
  ['A: a@x.example;;', ['a@x.example'], ['text-after-address', 'group-syntax']],
  // RFC 5322 §4.4, for reading.
  [', a@x.example, ,', ['a@x.example']],
  ['<@r.example,@s.example:a@x.example>', ['a@x.example'], ['obsolete-syntax']],
  ['a . b @ x . example', ['a.b@x.example'], ['obsolete-syntax']],
  ['"a".b@x.example', ['a.b@x.example'], ['obsolete-syntax']],
  ['a (c) @ (d) x.example', ['a@x.example']],
]

for (const [value, addresses, faults = [], displays] of rows) {
  test(JSON.stringify(value), () => {
    const list = parseAddressList(value)
    assert.deepEqual(
      list.mailboxes.map((mailbox) => mailbox.address),
      addresses,
    )
    assert.deepEqual(
      list.faults.map((fault) => fault.code),
      faults,
    )
    if (displays) {
      assert.deepEqual(
        list.mailboxes.map((mailbox) => mailbox.display),
        displays,
      )
    }
  })
}

test('at most a thousand mailboxes are read', () => {
  const list = parseAddressList('a@x.example,'.repeat(maxListedAddresses + 5))
  assert.equal(list.mailboxes.length, maxListedAddresses)
  assert.deepEqual(
    list.faults.map((fault) => fault.code),
    ['too-many'],
  )
})

test('faults are bounded', () => assert.equal(parseAddressList('<'.repeat(5_000)).faults.length <= 100, true))

const pieces = [
  'a',
  'x.example',
  '@',
  '.',
  ',',
  ':',
  ';',
  '<',
  '>',
  '"',
  '\\',
  '(',
  ')',
  '[',
  ']',
  ' ',
  '\r\n ',
  '\0',
  'ü',
  '=?utf-8?Q?=41?=',
  '\ud800',
]
const anyValue = fc.oneof(
  anyText(),
  fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join('')),
)

test('never throws; every fault has its place; every address is in one form', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const { mailboxes, faults } = parseAddressList(value)
      for (const { at } of faults) assert.ok(at >= 0 && at <= value.length)
      for (const { address, localPart, aDomain, display } of mailboxes) {
        assert.equal(address, `${localPart}@${aDomain}`)
        assert.doesNotMatch(display, /[\r\n\0]/)
        assert.deepEqual(parseAddressList(address), { mailboxes: [{ display: '', address, localPart, aDomain }], faults: [] })
      }
    }),
    { numRuns: 3_000 },
  )
})

test('every character is read once: tokens follow each other and never overlap', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const tokens = new HeaderTokens(value, () => undefined)
      let end = 0
      for (let token = tokens.next(); token; token = tokens.next()) {
        assert.ok(token.start >= end && token.end > token.start && token.end <= value.length)
        end = token.end
      }
    }),
  )
})

test('a quoted display name never becomes an address', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a@b.<>,:;() '), maxLength: 30 }), (display) => {
      const list = parseAddressList(`"${display}" <real@x.example>`)
      assert.deepEqual(
        list.mailboxes.map((mailbox) => mailbox.address),
        ['real@x.example'],
      )
      assert.deepEqual(list.faults, [])
    }),
  )
})

for (const [name, value] of [
  ['open comments', '('.repeat(60_000)],
  ['open quotes', '"'.repeat(60_001)],
  ['escapes', `"${'\\'.repeat(60_000)}`],
  ['open angles', '<'.repeat(60_000)],
  ['at signs', '@'.repeat(60_000)],
  ['dots', `${'a.'.repeat(30_000)}@x.example`],
  ['words', `${'a '.repeat(30_000)}<b@x.example>`],
  ['encoded words', `${'=?utf-8?q?'.repeat(6_000)} <b@x.example>`],
  ['routes', `<${'@a,'.repeat(20_000)}:b@x.example>`],
] as const) {
  test(`64 KiB of ${name} are no trouble`, () => assert.ok(parseAddressList(value).mailboxes.length <= 1))
}
