import assert from 'node:assert/strict'
import { argon2Sync, scryptSync } from 'node:crypto'
import { test } from 'node:test'
import { parsePasswordHash, verifyPassword } from './password-hash.ts'

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
const salt = Buffer.from('0123456789abcdef')
const scryptHash = `$scrypt$ln=5,r=8,p=1$${base64(salt)}$${base64(scryptSync('pässword', salt, 32, { N: 32, r: 8, p: 1 }))}`
const message = Buffer.from('pässword')
const tag = argon2Sync('argon2id', { message, nonce: salt, parallelism: 1, tagLength: 32, memory: 64, passes: 2 })
const argonHash = `$argon2id$v=19$m=64,t=2,p=1$${base64(salt)}$${base64(tag)}`

for (const [kind, text] of [
  ['scrypt', scryptHash],
  ['argon2id', argonHash],
] as const) {
  test(`${kind}: the password and no other`, async () => {
    const hash = parsePasswordHash(text)
    assert.equal(hash?.kind, kind)
    assert.ok(hash)
    assert.equal(await verifyPassword(hash, 'pässword'), true)
    assert.equal(await verifyPassword(hash, 'pa\u0308ssword'), true, 'however it is composed')
    for (const wrong of ['password', '', 'pässword ']) assert.equal(await verifyPassword(hash, wrong), false, wrong)
  })
}

test('what is no hash of these is none', () => {
  for (const text of [
    '',
    'pässword',
    '$2b$10$abcdefghijklmnopqrstuv',
    scryptHash.replace('ln=5', 'ln=25'),
    scryptHash.replace('ln=5', 'ln=22'),
    scryptHash.replace('r=8', 'r=0'),
    argonHash.replace('v=19', 'v=16'),
    argonHash.replace('m=64', 'm=9999999'),
    argonHash.replace('argon2id', 'argon2i'),
    argonHash.slice(0, -30),
  ]) {
    assert.equal(parsePasswordHash(text), undefined, text)
  }
})
