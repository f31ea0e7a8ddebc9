/** What the thread of the records is asked, and what it answers. */
import type { CallEnded, MailEvent } from '@sallyport/contracts'
import type { RecordedEvent, Records } from '../port.ts'

/** Events as their JSON in one run of bytes: one transfer carries them all, and nothing else is copied. */
export interface PackedEvents {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where each event's JSON ends in `bytes`. */
  readonly ends: Uint32Array
  /** -1 for null. */
  readonly partitions: Int32Array
  readonly offsets: Float64Array
}

/** What takes at most one argument that can be cloned, and answers alike. */
export type Asked = Exclude<keyof Records, 'generation' | 'system' | 'append' | 'close'>

export type Request =
  | ({ readonly do: 'append' } & PackedEvents)
  | { readonly do: 'close' }
  | { readonly do: 'ask'; readonly name: Asked; readonly argument: unknown }

export interface ToThread {
  readonly ask: number
  readonly request: Request
}

export interface Failure {
  readonly code: string | undefined
  readonly message: string
}

/** As `CallEnded` is told. */
export type EndedQuery = Readonly<Parameters<CallEnded>>

export type FromThread =
  | { readonly generation: string; readonly failure?: Failure }
  | {
      readonly answer: number
      readonly result?: unknown
      readonly failure?: Failure
      /** Statements that have ended since the answer before. */
      readonly queries: readonly EndedQuery[]
    }

export function packEvents(events: readonly RecordedEvent[]): PackedEvents {
  const ends = new Uint32Array(events.length)
  let end = 0
  for (const [index, { json }] of events.entries()) {
    end += json.byteLength
    ends[index] = end
  }
  const bytes = new Uint8Array(end)
  for (const [index, { json }] of events.entries()) bytes.set(json, ends[index - 1] ?? 0)
  return {
    bytes,
    ends,
    partitions: Int32Array.from(events, ({ partition }) => partition ?? -1),
    offsets: Float64Array.from(events, ({ offset }) => offset),
  }
}

export function eventsOf({ bytes, ends, partitions, offsets }: PackedEvents): RecordedEvent[] {
  const utf8 = new TextDecoder()
  return Array.from(ends, (end, index) => {
    const json = bytes.subarray(ends[index - 1] ?? 0, end)
    const partition = partitions[index] ?? -1
    return {
      event: JSON.parse(utf8.decode(json)) as MailEvent,
      json,
      partition: partition < 0 ? null : partition,
      offset: offsets[index] ?? 0,
    }
  })
}
