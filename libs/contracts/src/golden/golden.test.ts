import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { SallyportError } from '../error.ts'
import { examples } from './examples.ts'

/** The same bytes as another process gets them: a frame that was encoded here is known here. */
const fresh = (frame: Uint8Array): Uint8Array => Uint8Array.from(frame)

const goldenFiles = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.v1.bin'))

test('every golden file has an example, and every example a golden file', () => {
  assert.deepEqual(goldenFiles.sort(), examples.map(({ name }) => `${name}.v1.bin`).sort())
})

for (const { name, codec, record, bytes } of examples) {
  const frame = readFileSync(join(import.meta.dirname, `${name}.v1.bin`))

  test(`${name}: the golden bytes decode to the example and encode to the same bytes`, () => {
    const decoded = codec.decode(frame)
    assert.deepEqual(decoded.record, record)
    assert.deepEqual(Buffer.from(decoded.bytes), Buffer.from(bytes ?? new Uint8Array()))
    assert.deepEqual(Buffer.from(codec.encode(decoded.record, decoded.bytes)), Buffer.from(frame))
  })

  test(`${name}: unknown fields are kept`, () => {
    const newer = { ...record, aFieldOfTheFuture: { nested: [1, 2] } }
    const again = codec.decode(fresh(codec.encode(newer as never, bytes)))
    assert.deepEqual(again.record, newer)
  })

  test(`${name}: a record without its first required field is refused by name`, () => {
    const { v: _, ...rest } = record as { v: number }
    assert.throws(
      () => codec.decode(fresh(codec.encode(rest as never))),
      (error: unknown) => error instanceof SallyportError && error.code === 'UNPARSABLE_RECORD',
    )
  })
}

test('a frame that is cut, empty, too long or not JSON is unparsable, and nothing else is thrown', () => {
  const [first] = examples
  assert.ok(first)
  const frame = fresh(first.codec.encode(first.record as never))
  const broken = [
    new Uint8Array(),
    frame.subarray(0, 3),
    frame.subarray(0, 40),
    Buffer.from([255, 255, 255, 255, 1]),
    Buffer.concat([Buffer.from([0, 0, 0, 1]), Buffer.from('{')]),
  ]
  for (const bytes of broken) {
    assert.throws(() => first.codec.decode(bytes), { code: 'UNPARSABLE_RECORD' })
  }
})

test('a frame is decoded once in a process, and the very frame that was encoded here not at all', () => {
  const [first] = examples
  assert.ok(first)
  const frame = first.codec.encode(first.record as never, first.bytes)
  assert.equal(first.codec.decode(frame).record, first.record)
  assert.deepEqual(Buffer.from(first.codec.decode(frame).bytes), Buffer.from(first.bytes ?? []))
  const other = fresh(frame)
  assert.equal(first.codec.decode(other), first.codec.decode(other))
  assert.notEqual(first.codec.decode(other).record, first.record)
})

test('a record in two pieces is that in one: joined bytes decode to it, and the first piece alone is known here', () => {
  for (const { codec, record, bytes = new Uint8Array() } of examples) {
    const { value, content } = codec.encodeApart(record as never, bytes)
    assert.equal(codec.decode(value).record, record)
    assert.equal(codec.decode(value).bytes, bytes)
    const joined = codec.decode(Buffer.concat([value, content]))
    assert.deepEqual(joined.record, record)
    assert.deepEqual(Buffer.from(joined.bytes), Buffer.from(bytes))
  }
})
