/** A record as the client gives it: bytes and decimal texts. */
import type { Headers } from '../port.ts'
import type { FetchedRecord } from './client-port.ts'

type Bytes = Buffer | string

export interface RawRecord {
  readonly offset: string
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: Readonly<Record<string, Bytes | Bytes[] | undefined>>
  readonly isControlRecord?: boolean
}

const none: Headers = {}

export function fetchedRecord({ offset, timestamp, key, value, headers }: RawRecord): FetchedRecord {
  return { offset: Number(offset), timestampMs: Number(timestamp), key: key?.toString() ?? '', value, headers: texts(headers) }
}

/** Of a header that is repeated, the first. */
function texts(headers: RawRecord['headers']): Headers {
  let found: Record<string, string> | undefined
  for (const name in headers) {
    const value = headers[name]
    const first = Array.isArray(value) ? value[0] : value
    if (first === undefined) continue
    found ??= {}
    found[name] = first.toString()
  }
  return found ?? none
}
