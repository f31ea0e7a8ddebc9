import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bucketName, readBucketName } from './bucket-name.ts'

const limit = { count: 'recipients', rate: '1000/h' } as const
const cases: readonly (readonly (readonly [string, string])[])[] = [
  [['application', 'billing']],
  [['sender', 'a@example.com']],
  [['sender', '"a b"@example.com']],
  [['sender-domain', '<>']],
  [
    ['sender', '"a b"@example.com'],
    ['recipient-domain', 'example.net'],
  ],
]

for (const values of cases) {
  test(`the name of ${values.map((value) => value.join(' ')).join(' and ')} is read as what it is, and as no other`, () => {
    const owners = values.map(([owner]) => owner)
    const own = values.flatMap(([owner, value]) => (owner === 'application' ? [] : [value]))
    const name = bucketName({ mode: 'monitor', ...limit }, values)
    assert.deepEqual(readBucketName(name, limit, owners), { mode: 'monitor', values: own })
    for (const others of cases.map((other) => other.map(([owner]) => owner))) {
      if (others.join() !== owners.join()) assert.equal(readBucketName(name, limit, others), undefined)
    }
    assert.equal(readBucketName(name, { ...limit, rate: '1000/m' }, owners), undefined)
    assert.equal(readBucketName(name, { ...limit, count: 'bytes' }, owners), undefined)
  })
}

test('a name that is too long is hashed, and says whose it is all the same', () => {
  const values = [
    ['sender', `${'ü'.repeat(200)}@example.com`],
    ['recipient-domain', 'example.net'],
  ] as const
  const name = bucketName({ mode: 'enforce', ...limit }, values)
  assert.match(name, /^enforce recipients 1000\/h sender recipient-domain sha256=[0-9a-f]{64}$/)
  assert.deepEqual(readBucketName(name, limit, ['sender', 'recipient-domain']), { mode: 'enforce', values: undefined })
  assert.equal(readBucketName(name, limit, ['sender']), undefined)
})

test('what is no such name is no bucket of a limit', () => {
  for (const name of ['', 'enforce', 'off recipients 1000/h application', 'something else']) {
    assert.equal(readBucketName(name, limit, ['application']), undefined)
  }
})
