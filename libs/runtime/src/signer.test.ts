import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hmacSigner } from './signer.ts'

const signer = hmacSigner(Buffer.alloc(32, 1))

test('a signed record verifies, also after a round trip through JSON', () => {
  const signed = signer.sign({ id: 'a', verdict: { action: 'relay' } })
  assert.ok(signer.verify(JSON.parse(JSON.stringify(signed))))
})

test('a changed field, a foreign key, an empty or odd hmac does not verify', () => {
  const signed = signer.sign({ id: 'a', verdict: { action: 'reject' } })
  assert.equal(signer.verify({ ...signed, verdict: { action: 'relay' } } as typeof signed), false)
  assert.equal(hmacSigner(Buffer.alloc(32, 2)).verify(signed), false)
  assert.equal(signer.verify({ ...signed, hmac: '' }), false)
  assert.equal(signer.verify({ ...signed, hmac: 'ü'.repeat(43) }), false)
})
