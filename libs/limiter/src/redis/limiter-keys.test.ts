import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { limiterKeys } from './limiter-keys.ts'

test('every key stands under one hash tag, whatever an application or a bucket is called', () => {
  const keys = limiterKeys('p:')
  const all = [keys.names, keys.ends, keys.reservation(newMessageId()), keys.bucket('a{b}', 'sender={x}@é.example')]
  for (const key of all) assert.match(key, /^p:\{limits\}:/)
  assert.equal(new Set(all).size, all.length)
})

test('the id of a bucket follows what the keys of buckets begin with, and buckets are apart by application', () => {
  const keys = limiterKeys('p:')
  assert.equal(keys.bucket('crm', 'all'), `${keys.buckets}crm\0all`)
  assert.notEqual(keys.bucket('a', 'b c'), keys.bucket('a b', 'c'))
})
