/** What of an event is a column, and its JSON: what the store needs, without the event itself. */
import { eventSubject } from '@sallyport/contracts'
import type { RecordedEvent } from './port.ts'

export interface EventRow {
  readonly id: string
  readonly kind: string
  readonly subject: string
  readonly attempt: number
  readonly application: string
  readonly at: number
  readonly json: Uint8Array
  readonly partition: number | null
  readonly offset: number
}

export function rowOf({ event, json, partition, offset }: RecordedEvent): EventRow {
  const { id, kind, application, at } = event
  return { id, kind, application, at, ...eventSubject(event), json, partition, offset }
}
