import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { explanationMs, explanationTokens } from './explanation-tokens.ts'
import { hmacSigner } from './signer.ts'

const key = (byte: number) => hmacSigner(new Uint8Array(32).fill(byte))
const tokens = explanationTokens(key(1))

test('a token is 128 bits that name one message, for the gateway with this key alone, for 30 days', () => {
  const now = Date.now()
  const id = newMessageId(now)
  const token = tokens.tokenOf(id)
  assert.match(token, /^[\w-]{22}$/)
  assert.equal(Buffer.from(token, 'base64url').length, 16)
  assert.equal(tokens.messageIdOf(token, now), id)
  assert.equal(explanationTokens(key(1)).messageIdOf(token, now), id)
  assert.notEqual(explanationTokens(key(2)).messageIdOf(token, now), id)
  assert.equal(tokens.messageIdOf(token, now + explanationMs), id)
  assert.equal(tokens.messageIdOf(token, now + explanationMs + 5), undefined)
})

test('tokens of neighbouring ids have nothing in common, and none tells its id', () => {
  const ids = Array.from({ length: 50 }, () => newMessageId())
  const made = ids.map((id) => Buffer.from(tokens.tokenOf(id), 'base64url'))
  assert.equal(new Set(made.map((bytes) => bytes.toString('hex', 0, 4))).size, ids.length)
  for (const [index, id] of ids.entries()) assert.ok(!made[index]?.includes(Buffer.from(id.slice(0, 8), 'hex')))
})

test('guessed tokens, and what is no token, name nothing', () => {
  const now = Date.now()
  for (let tries = 0; tries < 2_000; tries++) {
    assert.equal(tokens.messageIdOf(randomBytes(16).toString('base64url'), now), undefined)
  }
  for (const token of ['', 'x', '../../etc/passwd', newMessageId(now), 'a'.repeat(23)]) {
    assert.equal(tokens.messageIdOf(token, now), undefined)
  }
})
