/** The record of `mail.dead` that keeps what could not be parsed, its bytes untouched. */
import { deadCodec, topics } from '@sallyport/contracts'
import { joined } from './joined.ts'
import type { BusRecord, OutgoingRecord, Position } from './port.ts'

/** A record, or the bytes of a row of the log that is damaged. */
export type Buried = BusRecord | (Position & { readonly damaged: Uint8Array; readonly topic: string })

export function deadLetter(record: Buried, group: string, reason: string, at: number): OutgoingRecord {
  const isDamaged = 'damaged' in record
  const { topic, partition, offset } = record
  const key = isDamaged ? null : record.key
  const bytes = isDamaged ? record.damaged : joined(record)
  const value = deadCodec.encode({ v: 1, kind: 'dead', topic, partition, offset, key, group, reason, at }, bytes)
  return { topic: topics.dead.name, key: `${topic}/${partition}`, value }
}
