import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { hmacSha256, hmacSigner } from './signer.ts'

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

test('the MAC is that of the library, for keys and texts of any length', () => {
  for (const keyBytes of [0, 1, 32, 63, 64, 65, 200]) {
    const key = Buffer.alloc(keyBytes, 'k')
    for (const text of ['', 'a', 'ü€𝄞', 'x'.repeat(5_000)]) {
      assert.equal(hmacSha256(key)(text), createHmac('sha256', key).update(text).digest('base64url'))
    }
  }
})
