/** Rows of the embedded limiter as bytes. One that does not read as what it should be is taken for missing: a lost bucket is a burst. */
import { isMessageId } from '@sallyport/contracts'
import { type LowPoints, maxLowPoints } from './low-points.ts'
import type { ReserveResult } from './port.ts'

/** A bucket as it is kept: its level, the shape that it was claimed with last, and what refunds go by. */
export interface BucketRow {
  backlogUs: number
  atUs: number
  intervalUs: number
  burst: number
  lowPoints: LowPoints
}

/** What a message was answered, and what it took of which bucket: enough to answer again and to give back. */
export interface ReservationRow {
  readonly outcome: ReserveResult['outcome']
  readonly waitMs: number
  readonly above: number | undefined
  readonly atUs: number
  readonly claims: readonly { readonly bucket: string; readonly costUs: number; readonly waitMs: number }[]
}

const outcomes = ['taken', 'refused', 'above-burst'] as const

/** A bucket's name over all applications, in their order. Names of applications have no NUL. */
export const bucketId = (application: string, name: string): string => `${application}\0${name}`

const bucketHeadBytes = 32

export function encodeBucket({ backlogUs, atUs, intervalUs, burst, lowPoints }: BucketRow): Uint8Array {
  const value = Buffer.allocUnsafe(bucketHeadBytes + 8 * lowPoints.length)
  value.writeDoubleLE(backlogUs, 0)
  value.writeDoubleLE(atUs, 8)
  value.writeDoubleLE(intervalUs, 16)
  value.writeDoubleLE(burst, 24)
  let at = bucketHeadBytes
  for (const number of lowPoints) at = value.writeDoubleLE(number, at)
  return value
}

export function decodeBucket(bytes: Uint8Array | undefined): BucketRow | undefined {
  const points = ((bytes?.byteLength ?? 0) - bucketHeadBytes) / 16
  if (bytes === undefined || points < 0 || points > maxLowPoints || !Number.isInteger(points)) return undefined
  const value = bufferOf(bytes)
  return {
    backlogUs: value.readDoubleLE(0),
    atUs: value.readDoubleLE(8),
    intervalUs: value.readDoubleLE(16),
    burst: value.readDoubleLE(24),
    lowPoints: Array.from({ length: 2 * points }, (_, index) => value.readDoubleLE(bucketHeadBytes + 8 * index)),
  }
}

const headBytes = 23
const claimBytes = 18

export function encodeReservation({ outcome, waitMs, above, atUs, claims }: ReservationRow): Uint8Array {
  const names = claims.map(({ bucket }) => Buffer.from(bucket))
  const value = Buffer.allocUnsafe(names.reduce((bytes, name) => bytes + claimBytes + name.length, headBytes))
  value.writeDoubleLE(atUs, 0)
  value.writeUInt8(outcomes.indexOf(outcome), 8)
  value.writeDoubleLE(waitMs, 9)
  value.writeUInt32LE(above === undefined ? 0 : above + 1, 17)
  value.writeUInt16LE(claims.length, 21)
  let at = headBytes
  claims.forEach(({ costUs, waitMs }, index) => {
    const name = names[index] ?? Buffer.alloc(0)
    at = value.writeDoubleLE(costUs, at)
    at = value.writeDoubleLE(waitMs, at)
    at = value.writeUInt16LE(name.length, at)
    at += name.copy(value, at)
  })
  return value
}

export function decodeReservation(bytes: Uint8Array | undefined): ReservationRow | undefined {
  if (bytes === undefined || bytes.byteLength < headBytes) return undefined
  const value = bufferOf(bytes)
  const outcome = outcomes[value.readUInt8(8)]
  if (!outcome) return undefined
  const claims: { bucket: string; costUs: number; waitMs: number }[] = []
  let at = headBytes
  for (let left = value.readUInt16LE(21); left > 0; left--) {
    if (at + claimBytes > value.length) return undefined
    const end = at + claimBytes + value.readUInt16LE(at + 16)
    if (end > value.length) return undefined
    const bucket = value.toString('utf8', at + claimBytes, end)
    claims.push({ bucket, costUs: value.readDoubleLE(at), waitMs: value.readDoubleLE(at + 8) })
    at = end
  }
  const above = value.readUInt32LE(17)
  const atUs = reservedAt(value)
  return { outcome, waitMs: value.readDoubleLE(9), above: above === 0 ? undefined : above - 1, atUs, claims }
}

/** When a reservation was made, without reading the rest. */
export const reservedAt = (value: Uint8Array): number => (value.byteLength < headBytes ? 0 : bufferOf(value).readDoubleLE(0))

/** The first byte of a reservation's key. Ids that carry their time (UUIDv7) are sorted by it, so that what is old stands together. */
export const keyKinds = { timed: 0, untimed: 1, time: 2 } as const

export const isTimed = (messageId: string): boolean => messageId[14] === '7'

/** Fails with a RangeError where it is no message id. */
export function reservationKey(messageId: string): Uint8Array {
  if (!isMessageId(messageId)) throw new RangeError(`not a message id: ${messageId}`)
  const key = Buffer.allocUnsafe(17)
  key[0] = isTimed(messageId) ? keyKinds.timed : keyKinds.untimed
  key.write(messageId.replaceAll('-', ''), 1, 'hex')
  return key
}

/** The key before which the timed reservations of ids stand that were made before a moment. */
export function timedKeyAt(atMs: number): Uint8Array {
  const key = Buffer.alloc(17)
  key[0] = keyKinds.timed
  key.writeUIntBE(Math.max(0, Math.floor(atMs)), 1, 6)
  return key
}

/** When the id of a timed key was made, in ms since the epoch. */
export const keyTimeMs = (key: Uint8Array): number => bufferOf(key).readUIntBE(1, 6)

export const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
