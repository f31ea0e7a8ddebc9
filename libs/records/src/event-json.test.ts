import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { finding, told } from './contract/stories.cases.ts'
import { eventDictionary } from './event-dictionary.ts'
import { eventText, packEvent, unpackEvent } from './event-json.ts'

test('every text comes back as it was', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.nat(2_000), (json, padding) => {
      const text = `{"v":${json},"padding":"${'ü'.repeat(padding)}"}`
      assert.equal(eventText(packEvent(Buffer.from(text))), text)
    }),
  )
})

test('an event takes a third of its room or less', () => {
  const checks = ['domain', 'address', 'spam', 'throttle'].map((check) => finding(check, { outcome: 'pass' }))
  const [judged] = told({ at: 1_764_000_000_000, checks }).events
  const json = Buffer.from(JSON.stringify(judged))
  const packed = packEvent(json)
  assert.ok(packed.byteLength < json.byteLength / 3, `${packed.byteLength} of ${json.byteLength}`)
  assert.deepEqual(unpackEvent(packed), judged)
})

test('what is not compressed is read as well', () => {
  assert.deepEqual(unpackEvent(Buffer.from('{"v":1}')), { v: 1 })
})

test('the dictionary is the one that stored events were compressed with', () => {
  assert.equal(createHash('sha256').update(eventDictionary).digest('hex').slice(0, 16), 'd3123568096cee6e')
})
