/** How an event's JSON stands in the database: as it is, or compressed (RFC 1951) behind a byte that no JSON begins with. */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { eventDictionary } from './event-dictionary.ts'

/** Compressed with the dictionary of this number. */
const deflated = 1
/** Below it there is little to gain. */
const leastBytes = 300
const options = { dictionary: eventDictionary, level: 1, memLevel: 5, windowBits: 13 } as const

const utf8 = new TextDecoder()

/** A third of the room or less: what events have in common is most of them. */
export function packEvent(json: Uint8Array): Uint8Array {
  if (json.byteLength < leastBytes) return json
  return Buffer.concat([Buffer.of(deflated), deflateRawSync(json, options)])
}

export function eventText(packed: Uint8Array): string {
  if (packed[0] !== deflated) return utf8.decode(packed)
  return utf8.decode(inflateRawSync(packed.subarray(1), { dictionary: eventDictionary }))
}

export const unpackEvent = (packed: Uint8Array): unknown => JSON.parse(eventText(packed))
