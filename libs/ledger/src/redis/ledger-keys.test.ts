import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { ledgerKeys } from './ledger-keys.ts'

const keys = ledgerKeys('p:')

test('the keys of a message stand under its id as their hash tag', () => {
  const id = newMessageId()
  assert.deepEqual(keys.rowAndClaims(id, [0, 70_000]), [
    `p:ledger:{${id}}:row`,
    `p:ledger:{${id}}:claim:0`,
    `p:ledger:{${id}}:claim:70000`,
  ])
  assert.equal(keys.row(id), `p:ledger:{${id}}:row`)
  for (const wrong of ['', 'a}b', `${id}x`]) assert.throws(() => keys.row(wrong), RangeError)
})

test('the key of DSNs tells no address, and no case of it matters', () => {
  const key = keys.dsns('billing', 'Anna@Example.com')
  assert.doesNotMatch(key, /anna|example/i)
  assert.equal(key, keys.dsns('billing', 'anna@example.com'))
  assert.notEqual(key, keys.dsns('crm', 'anna@example.com'))
})

test('the pattern of rows takes a prefix as it is', () => {
  assert.equal(ledgerKeys('a[1]*:').rows, 'a\\[1\\]\\*:ledger:{*}:row')
})
