/**
 * What is published says what the roles do, and is AsyncAPI 3.0. After a change of a schema or topic:
 * `npm run asyncapi`
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { codec } from '../codec.ts'
import { examples } from '../golden/examples.ts'
import { topics } from '../topics.ts'
import { asyncapiText } from './asyncapi-document.ts'
import { describedRecords } from './described-records.ts'
import { frame } from './frame.ts'

const published = join(import.meta.dirname, '../../../../docs/asyncapi.json')
// Read as a stranger reads it, so that nothing of our types helps.
const document = JSON.parse(asyncapiText())
const require = createRequire(import.meta.url)

test('docs/asyncapi.json is what the schemas say', (context) => {
  context.assert.fileSnapshot(asyncapiText(), published, { serializers: [String] })
})

test('it is AsyncAPI 3.0 by the schema of the AsyncAPI initiative', () => {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  const validate = ajv.compile(require('@asyncapi/specs/schemas/3.0.0-without-$id.json'))
  const isValid = (candidate: unknown): boolean => Boolean(validate(candidate))
  assert.ok(isValid(document), JSON.stringify(validate.errors, null, 1))
  const { info: _, ...rest } = document
  assert.ok(!isValid(rest), 'the schema refuses a document without info')
  assert.ok(!isValid({ ...document, channels: { received: { topic: 'mail.received' } } }))
})

test('every reference leads somewhere, and an operation names only messages of its channel', () => {
  const at = (pointer: string): unknown =>
    pointer
      .slice(2)
      .split('/')
      .reduce((value: unknown, key) => Object(value)[key], document)
  let references = 0
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('$ref' in value) {
      assert.ok(at(String(value.$ref)), `${value.$ref} leads nowhere`)
      references++
    }
    for (const child of Object.values(value)) walk(child)
  }
  walk(document)
  assert.ok(references > 100)
})

test('every topic is a channel with its retention, and every record is a message', () => {
  const channels = Object.values<{ address: string; 'x-retention': unknown }>(document.channels)
  for (const topic of Object.values(topics)) {
    const channel = channels.find(({ address }) => address === topic.name)
    assert.deepEqual(channel?.['x-retention'], topic.retention)
  }
  assert.deepEqual(Object.keys(document.components.messages), Object.keys(describedRecords))
  const onChannels = new Set(channels.flatMap((channel) => Object.keys(Object(channel).messages)))
  assert.deepEqual([...onChannels].sort(), Object.keys(describedRecords).sort())
})

test('exactly the records with an hmac are marked as signed', () => {
  for (const [name, { schema }] of Object.entries(describedRecords)) {
    const isSigned = 'hmac' in schema.properties
    assert.equal(document.components.messages[name]['x-signed'] !== false, isSigned, name)
  }
})

test('the frame in the document and its example are those of the codec', () => {
  const bytes = Buffer.from(frame.example.hex, 'hex')
  const decoded = codec(Object({ type: 'object' })).decode(bytes)
  assert.deepEqual(decoded.record, frame.example.metadata)
  assert.equal(Buffer.from(decoded.bytes).toString(), frame.example.contentText)
  assert.ok(document.info.description.includes(frame.example.hex))
})

/** As a program would that knows the document only. */
function readAsPublished(bytes: Buffer): unknown {
  const [prefix] = document['x-frame'].parts
  assert.deepEqual([prefix.type, prefix.byteOrder, prefix.bytes], ['uint32', 'big-endian', 4])
  const end = prefix.bytes + bytes.readUInt32BE(0)
  return JSON.parse(bytes.toString('utf8', prefix.bytes, end))
}

const publishedName = (example: string): string =>
  example.replace('-by-rule', '').replace(/-(.)/, (_, first) => first.toUpperCase())

test('every golden record fits the published schema of its message', () => {
  const ajv = new Ajv({ strict: false })
  ajv.addSchema({ $id: 'contracts', components: document.components })
  for (const { name } of examples) {
    const record = readAsPublished(readFileSync(join(import.meta.dirname, `../golden/${name}.v1.bin`)))
    const validate = ajv.getSchema(`contracts#/components/schemas/${publishedName(name)}`)
    assert.ok(validate?.(record), `${name}: ${JSON.stringify(validate?.errors)}`)
    assert.ok(!validate?.({ ...Object(record), v: '1' }))
  }
})
