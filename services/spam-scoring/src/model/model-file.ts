/**
 * The file of a model: the bytes `SPAMMODL`, a format number and the length of the head (both 32 bits, big-endian), the head as JSON,
 * for each bucket that is not 0 its distance from the one before (LEB128) and its weight (one byte, two's complement), and the
 * SHA-256 of everything before.
 */
import { createHash } from 'node:crypto'
import { SallyportError } from '@sallyport/contracts/basics'
import { featureVersion } from './features.ts'
import type { SpamModel } from './spam-model.ts'

const magic = Buffer.from('SPAMMODL', 'latin1')
const format = 1
const checksumBytes = 32
const headStart = magic.length + 8
/** A file of more is not read. */
export const maxModelBytes = 16 * 1024 * 1024

interface Head {
  readonly featureVersion: number
  readonly bucketBits: number
  readonly unit: number
  readonly bias: number
  readonly slope: number
  readonly shift: number
  readonly entries: number
  readonly date: string
  readonly sources: readonly { readonly name: string; readonly ham: number; readonly spam: number }[]
  readonly note: string
}

const isWhole = (value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
const isSource = (value: unknown): boolean => {
  const { name, ham, spam } = Object(value) as Record<string, unknown>
  return typeof name === 'string' && isWhole(ham, 0) && isWhole(spam, 0)
}

/** By hand: each scoring thread reads it, and the library of schemas would take 40 MB in each. */
function isHead(value: unknown): value is Head {
  const head = Object(value) as Record<string, unknown>
  return (
    isWhole(head.featureVersion, 0) &&
    isWhole(head.bucketBits, 8, 24) &&
    isWhole(head.entries, 0) &&
    ['unit', 'bias', 'slope', 'shift'].every((name) => Number.isFinite(head[name])) &&
    Number(head.unit) > 0 &&
    Number(head.slope) > 0 &&
    typeof head.date === 'string' &&
    typeof head.note === 'string' &&
    Array.isArray(head.sources) &&
    head.sources.every(isSource)
  )
}

/** The same model gives the same bytes. */
export function writeModel(model: SpamModel): Uint8Array {
  const { weights, calibration, origin } = model
  const body: number[] = []
  let entries = 0
  let next = 0
  weights.buckets.forEach((weight, bucket) => {
    if (weight === 0) return
    let distance = bucket - next
    while (distance > 0x7f) {
      body.push((distance & 0x7f) | 0x80)
      distance >>>= 7
    }
    body.push(distance, weight & 0xff)
    next = bucket + 1
    entries++
  })
  const { bucketBits, unit, bias } = weights
  const head = Buffer.from(
    JSON.stringify({ featureVersion: model.featureVersion, bucketBits, unit, bias, ...calibration, entries, ...origin }),
  )
  const numbers = Buffer.alloc(8)
  numbers.writeUInt32BE(format, 0)
  numbers.writeUInt32BE(head.length, 4)
  const content = Buffer.concat([magic, numbers, head, Uint8Array.from(body)])
  return Buffer.concat([content, createHash('sha256').update(content).digest()])
}

/** Fails with MODEL_UNUSABLE where the file is no model, cut, damaged, or made for other features than this version takes. */
export function readModel(file: Uint8Array): SpamModel {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  if (bytes.length > maxModelBytes) throw unusable('it is larger than a model can be')
  if (!bytes.subarray(0, magic.length).equals(magic)) throw unusable('it is no model file')
  if (bytes.length < headStart + checksumBytes) throw unusable('it is cut off')
  const found = bytes.readUInt32BE(magic.length)
  if (found !== format)
    throw unusable(`its format is ${found} and this version reads ${format}: update the gateway or train it anew`)
  const content = bytes.subarray(0, -checksumBytes)
  if (!createHash('sha256').update(content).digest().equals(bytes.subarray(-checksumBytes)))
    throw unusable('it is cut off or damaged')
  const bodyStart = headStart + bytes.readUInt32BE(magic.length + 4)
  const head: unknown = bodyStart > content.length ? undefined : parsed(content.toString('utf8', headStart, bodyStart))
  if (!isHead(head)) throw unusable('its head cannot be read')
  if (head.featureVersion !== featureVersion)
    throw unusable(
      `it was trained for features of version ${head.featureVersion} and this version takes ${featureVersion}: train it anew`,
    )
  const { bucketBits, unit, bias, slope, shift, date, sources, note } = head
  return {
    featureVersion,
    weights: { bucketBits, unit, bias, buckets: readBuckets(content.subarray(bodyStart), 2 ** bucketBits, head.entries) },
    calibration: { slope, shift },
    origin: { date, sources, note },
  }
}

function readBuckets(body: Uint8Array, size: number, entries: number): Int8Array {
  const buckets = new Int8Array(size)
  let bucket = 0
  let at = 0
  for (let entry = 0; entry < entries; entry++) {
    let distance = 0
    let shift = 0
    for (;;) {
      const byte = body[at++]
      if (byte === undefined || shift > 28) throw unusable('its weights cannot be read')
      distance += (byte & 0x7f) * 2 ** shift
      shift += 7
      if (byte < 0x80) break
    }
    bucket += distance
    const weight = body[at++]
    if (weight === undefined || bucket >= size) throw unusable('its weights cannot be read')
    buckets[bucket++] = weight
  }
  if (at !== body.length) throw unusable('it says something after its weights')
  return buckets
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const unusable = (why: string): SallyportError => new SallyportError('MODEL_UNUSABLE', `The spam model cannot be used: ${why}.`)
