import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PolicyRecord, policyKey, policyTopicCodec } from '@sallyport/contracts'
import { decodePolicyRow, encodePolicyRow } from './policy-row.ts'

const record = (document: unknown): PolicyRecord => ({
  v: 1,
  kind: 'policy',
  revision: 7,
  author: 'ann',
  reason: '',
  at: 1,
  document,
})
/** As another process sees it: not the very frame that was encoded here. */
const elsewhere = (value: Uint8Array): Uint8Array => Uint8Array.from(value)

const addresses = (count: number): object => ({ addresses: Array.from({ length: count }, (_, at) => `user-${at}@bücher.example`) })

for (const [name, document] of [
  ['a short document, plain', addresses(10)],
  ['a long document, compressed', addresses(20_000)],
] as const) {
  test(`${name}: comes back as it was`, () => {
    const value = elsewhere(encodePolicyRow(record(document)))
    assert.deepEqual(decodePolicyRow(policyKey(7), value), {
      ...record(document),
      ...(name.startsWith('a long') ? { packed: 'deflate-raw' } : {}),
    })
    assert.ok(value.length < 256 * 1024, `${value.length} bytes`)
  })
}

test('other rows are no policy; what cannot be unpacked is said to be unparsable', () => {
  const value = policyTopicCodec.encode({ ...record(null), packed: 'deflate-raw' }, Buffer.from('not compressed'))
  assert.throws(() => decodePolicyRow('document/7', elsewhere(value)), { code: 'UNPARSABLE_RECORD' })
  assert.equal(decodePolicyRow('directory/staff', value), undefined)
  assert.equal(decodePolicyRow('document/7', null), undefined)
})

test('a document that unfolds without bounds is refused', () => {
  assert.throws(() => encodePolicyRow(record(addresses(400_000))), { code: 'POLICY_INVALID', message: /unfolds to \d+ bytes/ })
})
