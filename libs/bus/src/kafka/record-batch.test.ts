import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { noPlace, recordBatch } from './record-batch.ts'

const bytesOf = (...given: Parameters<typeof recordBatch>): Buffer => {
  const batch = recordBatch(...given)
  const target = Buffer.alloc(batch.bytes + 2, 0xee)
  batch.writeTo(target, 1)
  assert.deepEqual([target[0], target.at(-1)], [0xee, 0xee], 'it writes into its own bytes only')
  return target.subarray(1, -1)
}

test('a batch of one record, byte by byte', () => {
  const record = { key: 'k', value: Buffer.from('v'), headers: { h: 'x' } }
  const place = { producerId: 258n, epoch: 3, sequence: 4 }
  const bytes = bytesOf([record], place, 1_000)
  const head = [
    '0000000000000000', // offset
    '0000003e', // length of what follows
    '00000000', // epoch of the leader
    '02', // magic
  ].join('')
  const checked = [
    '0000', // attributes
    '00000000', // last offset of the batch
    '00000000000003e8', // first time
    '00000000000003e8', // last time
    '0000000000000102', // producer
    '0003', // its epoch
    '00000004', // sequence
    '00000001', // records
    '18', // length 12, zig-zag
    '000000', // attributes, time, offset
    `02${Buffer.from('k').toString('hex')}`,
    `02${Buffer.from('v').toString('hex')}`,
    '02', // one header
    `02${Buffer.from('h').toString('hex')}02${Buffer.from('x').toString('hex')}`,
  ].join('')
  assert.equal(bytes.toString('hex', 0, 17), head.slice(0, 34))
  assert.equal(bytes.toString('hex', 21), checked)
})

/** kafkajs reads what it did not write; it is not among what it exports. */
test('records of all sizes are read as they were written, and the checksum is that of kafkajs', async () => {
  const require = createRequire(import.meta.url)
  const Decoder = require('kafkajs/src/protocol/decoder')
  const decode = require('kafkajs/src/protocol/recordBatch/v0/decoder')
  const crc32c = require('kafkajs/src/protocol/recordBatch/crc32C')
  const values = [null, new Uint8Array(0), ...[1, 63, 64, 127, 8_191, 8_192, 70_000].map((size) => new Uint8Array(size).fill(size))]
  const records = values.map((value, n) => ({
    key: n % 2 ? '' : `ключ ${n}`,
    value,
    headers: n % 3 ? { traceparent: `t${n}`, 'x-ключ': '' } : {},
  }))
  for (let more = 0; more < 200; more++) records.push({ key: String(more), value: Buffer.from('x'), headers: {} })
  const bytes = bytesOf(records, noPlace, 1_795_969_226_250)
  assert.equal(bytes.readUInt32BE(17), crc32c(bytes.subarray(21)))
  const read = await decode(new Decoder(bytes))
  assert.deepEqual([read.producerId, read.producerEpoch, read.firstSequence], ['-1', -1, -1])
  assert.equal(read.records.length, records.length)
  for (const [n, { key, value, headers, offset, timestamp }] of read.records.entries()) {
    const wrote = records[n]
    assert.deepEqual([String(key ?? ''), offset, timestamp], [wrote?.key, String(n), '1795969226250'])
    assert.deepEqual(value && [...value], wrote?.value && [...wrote.value])
    assert.deepEqual(
      Object.entries(headers).map(([name, of]) => [name, String(of)]),
      Object.entries(wrote?.headers ?? {}),
    )
  }
})
