/**
 * Records of the release before this one, as it wrote them: after an update they are still on the topics. At a release the
 * files of `golden/` are copied to `golden/previous/`.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { examples } from './examples.ts'

const folder = join(import.meta.dirname, 'previous')
const files = readdirSync(folder)

test('every kind of record that the previous release wrote is kept', () => {
  assert.ok(files.length >= 20)
})

for (const file of files) {
  const name = file.replace('.v1.bin', '')

  test(`${name} of the previous release: parsed, and written again with every byte as it was`, () => {
    const { codec } = exampleOf(name)
    const frame = readFileSync(join(folder, file))
    const { record, bytes } = codec.decode(frame)
    assert.deepEqual(Buffer.from(codec.encode(record, bytes)), Buffer.from(frame))
  })

  test(`${name} of the previous release: a field that nobody knows any more, or not yet, is kept`, () => {
    const { codec } = exampleOf(name)
    const frame = readFileSync(join(folder, file))
    const jsonEnd = 4 + frame.readUInt32BE(0)
    const metadata = JSON.parse(frame.toString('utf8', 4, jsonEnd))
    const json = Buffer.from(JSON.stringify({ ...metadata, aFieldOfAnotherVersion: { nested: [1, 'two'] } }))
    const prefix = Buffer.alloc(4)
    prefix.writeUInt32BE(json.length)
    const wider = Buffer.concat([prefix, json, frame.subarray(jsonEnd)])
    const { record, bytes } = codec.decode(wider)
    assert.deepEqual(Buffer.from(codec.encode(record, bytes)), Buffer.from(wider))
  })
}

function exampleOf(name: string): (typeof examples)[number] {
  const example = examples.find((candidate) => candidate.name === name)
  assert.ok(example, `no codec reads "${name}" any more, but the previous release wrote it`)
  return example
}
