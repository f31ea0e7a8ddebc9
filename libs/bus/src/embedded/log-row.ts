/** The bytes of the log: how a record's place is a key, and how a record is a value. */
import { cut, takeRoomBefore } from '@sallyport/contracts'
import type { BusRecord, Headers } from '../port.ts'

/** topic u16, partition u16, offset u64, all big endian: the log sorts by topic, partition and offset. */
export function logKey(topicId: number, partition: number, offset: number): Buffer {
  const key = Buffer.allocUnsafe(12)
  key.writeUInt16BE(topicId, 0)
  key.writeUInt16BE(partition, 2)
  key.writeUInt32BE(Math.floor(offset / 0x1_0000_0000), 4)
  key.writeUInt32BE(offset % 0x1_0000_0000, 8)
  return key
}

export function offsetOf(key: Uint8Array): number {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength)
  return view.getUint32(4) * 0x1_0000_0000 + view.getUint32(8)
}

const magic = 0x5a
const isNull = 1
const fixedBytes = 14
/** Bytes of a key, and of headers. */
const longest = 0xffff

/** magic u8, flags u8, publishedAt f64, key length u16, headers length u16, key, headers as JSON, value. */
export function encodeRow(
  key: string,
  headers: Headers | undefined,
  publishedAt: number,
  value: Uint8Array | null,
  content?: Uint8Array,
): Buffer {
  const json = headers ? JSON.stringify(headers) : ''
  const keyBytes = Buffer.byteLength(key)
  const headerBytes = Buffer.byteLength(json)
  const valueBytes = value?.byteLength ?? 0
  const row = rowFor(fixedBytes + keyBytes + headerBytes + valueBytes, content)
  row[0] = magic
  row[1] = value === null ? isNull : 0
  row.writeDoubleBE(publishedAt, 2)
  row.writeUInt16BE(keyBytes, 10)
  row.writeUInt16BE(headerBytes, 12)
  row.write(key, fixedBytes, 'utf8')
  row.write(json, fixedBytes + keyBytes, 'utf8')
  if (value) row.set(value, fixedBytes + keyBytes + headerBytes)
  return row
}

/** So many bytes to be filled, with the content behind them. */
function rowFor(bytes: number, content: Uint8Array | undefined): Buffer {
  if (!content) return cut(bytes)
  const inPlace = takeRoomBefore(content, bytes)
  if (inPlace) return inPlace
  const row = cut(bytes + content.byteLength)
  row.set(content, bytes)
  return row
}

/** False where `encodeRow` might throw, since key or headers are too long. */
export function isSurelyRow(key: string, headers: Headers): boolean {
  // In UTF-8 a unit of a string takes 3 bytes at most, in JSON 6.
  let bytes = 2
  for (const name in headers) bytes += 6 * (name.length + (headers[name]?.length ?? 0) + 1)
  return bytes <= longest && key.length * 3 <= longest
}

/** Undefined where the row is damaged. The value is a view of `row`. */
export function decodeRow(topic: string, partition: number, offset: number, row: Uint8Array): BusRecord | undefined {
  const bytes = Buffer.from(row.buffer, row.byteOffset, row.byteLength)
  if (bytes.length < fixedBytes || bytes[0] !== magic) return undefined
  const keyEnd = fixedBytes + bytes.readUInt16BE(10)
  const headersEnd = keyEnd + bytes.readUInt16BE(12)
  if (headersEnd > bytes.length) return undefined
  try {
    const headers: Headers = headersEnd === keyEnd ? {} : JSON.parse(bytes.toString('utf8', keyEnd, headersEnd))
    const value = ((bytes[1] ?? 0) & isNull) === 0 ? bytes.subarray(headersEnd) : null
    return {
      topic,
      partition,
      offset,
      key: bytes.toString('utf8', fixedBytes, keyEnd),
      headers,
      publishedAt: bytes.readDoubleBE(2),
      value,
    }
  } catch {
    return undefined
  }
}

/** When the record in the row was published; undefined where the row is damaged. */
export function publishedAtOf(row: Uint8Array): number | undefined {
  if (row.byteLength < fixedBytes || row[0] !== magic) return undefined
  return new DataView(row.buffer, row.byteOffset, row.byteLength).getFloat64(2)
}
