/**
 * Records as they stand in Kafka's log and in a request to append them: a record batch of magic 2, without compression and outside of
 * transactions (https://kafka.apache.org/documentation/#recordbatch). Written into a buffer of its size, each byte once.
 */
import { crc32c } from '@node-rs/crc32'
import type { ClientRecord } from './client-port.ts'

/** Who appends, and the number of the first record among those that it appended to the partition. */
export interface ProducerPlace {
  readonly producerId: bigint
  readonly epoch: number
  readonly sequence: number
}

/** Of a producer that the broker does not tell repeats of. */
export const noPlace: ProducerPlace = { producerId: -1n, epoch: -1, sequence: -1 }

/** Before the records: offset, length, epoch of the leader, magic, checksum, and what the checksum is about. */
const headBytes = 61
/** From the first byte that the checksum is about. */
const checkedFrom = 21
/** What stands before its field `length` and in it does not count in it. */
const uncounted = 12
const magic = 2

interface Sized {
  readonly record: ClientRecord
  readonly keyBytes: number
  readonly headers: readonly SizedHeader[]
  /** Without the length itself. */
  readonly bytes: number
}

interface SizedHeader {
  readonly name: string
  readonly nameBytes: number
  readonly value: string
  readonly valueBytes: number
}

export interface RecordBatch {
  readonly bytes: number
  writeTo(target: Buffer, at: number): void
}

/** `nowMs`: the wall clock, the time of all of its records. */
export function recordBatch(records: readonly ClientRecord[], place: ProducerPlace, nowMs: number): RecordBatch {
  const sized = records.map(sizedRecord)
  const bytes = sized.reduce((sum, of) => sum + varintBytes(of.bytes) + of.bytes, headBytes)
  return {
    bytes,
    writeTo(target, start) {
      let at = target.writeBigInt64BE(0n, start)
      at = target.writeInt32BE(bytes - uncounted, at)
      at = target.writeInt32BE(0, at)
      at = target.writeInt8(magic, at)
      // The checksum comes last.
      at = target.writeInt16BE(0, at + 4)
      at = target.writeInt32BE(records.length - 1, at)
      at = target.writeBigInt64BE(BigInt(nowMs), at)
      at = target.writeBigInt64BE(BigInt(nowMs), at)
      at = target.writeBigInt64BE(place.producerId, at)
      at = target.writeInt16BE(place.epoch, at)
      at = target.writeInt32BE(place.sequence, at)
      at = target.writeInt32BE(records.length, at)
      for (let index = 0; index < sized.length; index++) {
        const of = sized[index]
        if (of) at = writeRecord(target, at, of, index)
      }
      target.writeUInt32BE(crc32c(target.subarray(start + checkedFrom, start + bytes)), start + checkedFrom - 4)
    },
  }
}

function sizedRecord(record: ClientRecord, index: number): Sized {
  const keyBytes = Buffer.byteLength(record.key)
  const valueBytes = record.value?.byteLength ?? -1
  const headers = Object.entries(record.headers).map(([name, value]) => ({
    name,
    nameBytes: Buffer.byteLength(name),
    value,
    valueBytes: Buffer.byteLength(value),
  }))
  // Attributes and the difference of its time: a byte each.
  let bytes = 2 + varintBytes(index) + lengthBytes(keyBytes) + lengthBytes(valueBytes) + varintBytes(headers.length)
  for (const header of headers) bytes += lengthBytes(header.nameBytes) + lengthBytes(header.valueBytes)
  return { record, keyBytes, headers, bytes }
}

function writeRecord(target: Buffer, start: number, { record, keyBytes, headers, bytes }: Sized, index: number): number {
  let at = writeVarint(target, start, bytes)
  target[at++] = 0
  target[at++] = 0
  at = writeVarint(target, at, index)
  at = writeText(target, at, record.key, keyBytes)
  if (record.value) {
    at = writeVarint(target, at, record.value.byteLength)
    target.set(record.value, at)
    at += record.value.byteLength
  } else at = writeVarint(target, at, -1)
  at = writeVarint(target, at, headers.length)
  for (const { name, nameBytes, value, valueBytes } of headers) {
    at = writeText(target, at, name, nameBytes)
    at = writeText(target, at, value, valueBytes)
  }
  return at
}

function writeText(target: Buffer, start: number, text: string, bytes: number): number {
  const at = writeVarint(target, start, bytes)
  return at + target.write(text, at)
}

const zigZag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0

function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = zigZag(value); rest > 0x7f; rest >>>= 7) bytes++
  return bytes
}

/** Of a length and of what has it; -1 is nothing. */
const lengthBytes = (length: number): number => varintBytes(length) + Math.max(0, length)

function writeVarint(target: Buffer, start: number, value: number): number {
  let at = start
  let rest = zigZag(value)
  for (; rest > 0x7f; rest >>>= 7) target[at++] = (rest & 0x7f) | 0x80
  target[at++] = rest
  return at
}
