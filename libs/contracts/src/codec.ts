/**
 * The wire form of a record: one length-prefixed JSON object beside raw bytes, never base64.
 *
 *   0      4                4 + jsonBytes
 *   +------+----------------+------------------------+
 *   | u32  | JSON (UTF-8)   | content, as received   |
 *   +------+----------------+------------------------+
 *
 * Unknown fields are kept: a decoded record that is encoded again carries them.
 */
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { SallyportError } from './error.ts'
import { cut } from './slab.ts'

/** A decoded record: its metadata and the raw bytes that stand beside it (empty where the record has none). */
export interface Decoded<T> {
  readonly record: T
  readonly bytes: Uint8Array
}

/** Encodes and decodes one kind of record. `decode` fails with UNPARSABLE_RECORD, and `bytes` is a view, not a copy. */
export interface Codec<T> {
  encode(record: T, bytes?: Uint8Array): Uint8Array
  /**
   * The same record in two pieces for `publish`, which joins them only where it writes them. The bytes must not be changed
   * afterwards. `decode` takes `value` alone in this process.
   */
  encodeApart(record: T, bytes: Uint8Array): { readonly value: Uint8Array; readonly content: Uint8Array }
  decode(value: Uint8Array): Decoded<T>
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const prefixBytes = 4
const nothing = new Uint8Array(0)

/**
 * A codec that validates against `schema` when decoding (parse at the edge, trust inside). The very frame that this
 * process encoded, or has decoded before, is known already: its record comes back as it is, and must not be changed.
 *
 * What a frame says stands on the frame itself. In a WeakMap, whose table is soon of the old generation, every young record would survive
 * young collections for as long as the table stands, whether its frame does or not (a table of V8 holds its values strongly then).
 */
export function codec<S extends TSchema>(schema: S): Codec<Static<S>> {
  // When the first record comes: a thread that only encodes, or does neither, has no use for it.
  let validator: ReturnType<typeof Compile<S>> | undefined
  const known: unique symbol = Symbol('decoded')
  type Frame = Uint8Array & { [known]?: Decoded<Static<S>> }
  const remember = (frame: Frame, decoded: Decoded<Static<S>>): Decoded<Static<S>> => {
    frame[known] = decoded
    return decoded
  }
  return {
    encode(record, bytes) {
      const json = JSON.stringify(record)
      const jsonEnd = prefixBytes + Buffer.byteLength(json)
      const frame = cut(jsonEnd + (bytes?.byteLength ?? 0))
      frame.writeUInt32BE(jsonEnd - prefixBytes, 0)
      frame.write(json, prefixBytes, 'utf8')
      if (bytes) frame.set(bytes, jsonEnd)
      remember(frame, { record, bytes: bytes ? frame.subarray(jsonEnd) : nothing })
      return frame
    },
    encodeApart(record, bytes) {
      const json = JSON.stringify(record)
      const jsonBytes = Buffer.byteLength(json)
      const value = cut(prefixBytes + jsonBytes)
      value.writeUInt32BE(jsonBytes, 0)
      value.write(json, prefixBytes, 'utf8')
      remember(value, { record, bytes })
      return { value, content: bytes }
    },
    decode(value: Frame) {
      const before = value[known]
      if (before) return before
      const { json, bytes } = splitFrame(value)
      validator ??= Compile(schema)
      if (!validator.Check(json)) {
        const [first] = validator.Errors(json)
        throw new SallyportError(
          'UNPARSABLE_RECORD',
          `record does not fit its schema: ${first?.instancePath || '/'} ${first?.message ?? ''}`,
        )
      }
      return remember(value, { record: json as Static<S>, bytes })
    },
  }
}

function splitFrame(value: Uint8Array): { json: unknown; bytes: Uint8Array } {
  if (value.byteLength < prefixBytes) {
    throw new SallyportError('UNPARSABLE_RECORD', `record of ${value.byteLength} bytes is shorter than its length prefix`)
  }
  const end = prefixBytes + new DataView(value.buffer, value.byteOffset, value.byteLength).getUint32(0)
  if (end > value.byteLength) {
    throw new SallyportError('UNPARSABLE_RECORD', `record of ${value.byteLength} bytes announces ${end} bytes of metadata`)
  }
  try {
    return { json: JSON.parse(utf8.decode(value.subarray(prefixBytes, end))), bytes: value.subarray(end) }
  } catch (cause) {
    throw new SallyportError('UNPARSABLE_RECORD', `record metadata is not JSON: ${(cause as Error).message}`, { cause })
  }
}
