import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { SallyportError } from '@sallyport/contracts'
import fc from 'fast-check'
import { shippedModel } from '../config.ts'
import { featureVersion } from './features.ts'
import { readModel, writeModel } from './model-file.ts'
import type { SpamModel } from './spam-model.ts'

function modelWith(weights: readonly (readonly [bucket: number, weight: number])[], bucketBits = 16): SpamModel {
  const buckets = new Int8Array(2 ** bucketBits)
  for (const [bucket, weight] of weights) buckets[bucket] = weight
  return {
    featureVersion,
    weights: { bucketBits, buckets, unit: 0.0123, bias: -0.5 },
    calibration: { slope: 1.25, shift: -0.1 },
    origin: { date: '2026-01-31', sources: [{ name: 'mail', ham: 3, spam: 2 }], note: 'Größe 請求書' },
  }
}

const sample = modelWith([
  [0, 1],
  [1, -127],
  [300, 127],
  [65_535, -1],
])

/** The bytes with a checksum that is right for them. */
function sealed(content: Uint8Array): Buffer {
  return Buffer.concat([content, createHash('sha256').update(content).digest()])
}

const isUnusable =
  (why: RegExp) =>
  (error: unknown): boolean =>
    error instanceof SallyportError && error.code === 'MODEL_UNUSABLE' && why.test(error.message)

test('what is written is read, and the same model gives the same bytes', () => {
  const file = writeModel(sample)
  assert.deepEqual(readModel(file), sample)
  assert.deepEqual(writeModel(readModel(file)), file)
  assert.ok(file.length < 400)
})

test('any weights come back', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4095), fc.integer({ min: -127, max: 127 })), { maxLength: 200 }), (weights) => {
      const model = modelWith(weights, 12)
      assert.deepEqual(readModel(writeModel(model)).weights.buckets, model.weights.buckets)
    }),
  )
})

test('a file that is cut anywhere is refused', () => {
  const file = writeModel(sample)
  for (let length = 0; length < file.length; length++) {
    assert.throws(() => readModel(file.subarray(0, length)), isUnusable(/no model file|cut off/), `${length}`)
  }
})

test('a file with any byte changed is refused', () => {
  const file = writeModel(sample)
  for (let at = 0; at < file.length; at++) {
    const damaged = Uint8Array.from(file)
    damaged[at] = (damaged[at] ?? 0) ^ 0x20
    assert.throws(() => readModel(damaged), isUnusable(/./), `${at}`)
  }
})

test('a file of another kind, format or feature version is refused in words', () => {
  assert.throws(
    () => readModel(Buffer.from('%PDF-1.7 and more of it, long enough to be read as something else entirely')),
    isUnusable(/no model file/),
  )
  assert.throws(() => readModel(new Uint8Array(17 * 1024 * 1024)), isUnusable(/larger/))
  const later = Buffer.from(writeModel(sample))
  later.writeUInt32BE(2, 8)
  assert.throws(() => readModel(sealed(later.subarray(0, -32))), isUnusable(/format is 2/))
  assert.throws(() => readModel(writeModel({ ...sample, featureVersion: featureVersion + 1 })), isUnusable(/train it anew/))
})

test('a file with a right checksum and wrong content is refused', () => {
  const content = Buffer.from(writeModel(sample)).subarray(0, -32)
  const headLength = content.readUInt32BE(12)
  const longHead = Buffer.from(content)
  longHead.writeUInt32BE(0xffffffff, 12)
  const badHead = Buffer.from(content)
  badHead[16] = 0x5b
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['head longer than the file', longHead, /head/],
    ['head that is no JSON', badHead, /head/],
    ['weights missing', content.subarray(0, 16 + headLength + 2), /weights/],
    ['something after the weights', Buffer.concat([content, Uint8Array.of(1)]), /after/],
    ['bucket that does not exist', Buffer.concat([content.subarray(0, -2), Uint8Array.of(0xff, 0xff, 0x7f, 1)]), /weights/],
    [
      'distance without end',
      Buffer.concat([content.subarray(0, -2), Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1)]),
      /weights/,
    ],
  ]
  for (const [name, bytes, why] of cases) assert.throws(() => readModel(sealed(bytes)), isUnusable(why), name)
})

test('the model that ships is under 2 MB, learned from nothing but what may be, and its training report is of this file', () => {
  const file = readFileSync(shippedModel)
  assert.ok(file.byteLength < 2_000_000, `${file.byteLength} bytes`)
  const { origin } = readModel(file)
  const report = readFileSync(shippedModel.replace(/\.model$/, '.report.md'), 'utf8')
  assert.ok(report.includes(` ${file.byteLength} bytes.`) && report.includes(`Trained on ${origin.date},`))
  // The terms of the other sources let them only be measured with.
  assert.deepEqual(origin.sources.map(({ name }) => name).toSorted(), ['glitchyzorua', 'spamassassin', 'synthetic'])
  for (const { name, ham, spam } of origin.sources) assert.ok(report.includes(`| ${name} | ${ham} | ${spam} |`), name)
})
