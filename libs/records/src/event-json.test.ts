import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { finding, told } from './contract/stories.cases.ts'
import { eventDictionary } from './event-dictionary.ts'
import { eventTexts, packEvents, unpackEvents } from './event-json.ts'

test('every text comes back as it was', () => {
  const anEvent = fc.tuple(fc.json({ maxDepth: 4 }), fc.nat(2_000))
  fc.assert(
    fc.property(fc.array(anEvent, { minLength: 1, maxLength: 4 }), (events) => {
      const texts = events.map(([json, padding]) => `{"v":${json},"padding":"${'ü'.repeat(padding)}"}`)
      assert.deepEqual(eventTexts(packEvents(texts.map((text) => Buffer.from(text)))), texts)
    }),
  )
})

test('events written over several lines are read as the same', () => {
  const events = [{ v: 1, text: 'first\nsecond' }, { v: 2 }]
  const texts = events.map((event) => Buffer.from(JSON.stringify(event, null, 2)))
  assert.deepEqual(unpackEvents(packEvents(texts)), events)
})

test('an event takes a third of its room or less', () => {
  const checks = ['domain', 'address', 'spam', 'throttle'].map((check) => finding(check, { outcome: 'pass' }))
  const [judged] = told({ at: 1_764_000_000_000, checks }).events
  const json = Buffer.from(JSON.stringify(judged))
  const packed = packEvents([json])
  assert.ok(packed.byteLength < json.byteLength / 3, `${packed.byteLength} of ${json.byteLength}`)
  assert.deepEqual(unpackEvents(packed), [judged])
})

test('what is not compressed is read as well', () => {
  assert.deepEqual(unpackEvents(Buffer.from('{"v":1}')), [{ v: 1 }])
})

test('the dictionary is the one that stored events were compressed with', () => {
  assert.equal(createHash('sha256').update(eventDictionary).digest('hex').slice(0, 16), 'd3123568096cee6e')
})
