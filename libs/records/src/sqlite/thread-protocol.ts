/** What the thread of the records is asked, and what it answers. */
import type { EventRow } from '../event-row.ts'
import type { Records } from '../port.ts'

/** Rows with their JSON in one run of bytes, so that one transfer carries them all. */
export interface PackedRows {
  readonly rows: readonly Omit<EventRow, 'json'>[]
  /** Where each row's JSON ends in `bytes`. */
  readonly ends: readonly number[]
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** What takes at most one argument that can be cloned, and answers alike. */
export type Asked = Exclude<keyof Records, 'generation' | 'append' | 'close'>

export type Request =
  | ({ readonly do: 'append' } & PackedRows)
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

export type FromThread =
  | { readonly generation: string; readonly failure?: Failure }
  | { readonly answer: number; readonly result?: unknown; readonly failure?: Failure }

export function packRows(rows: readonly EventRow[]): PackedRows {
  const ends: number[] = []
  let end = 0
  for (const { json } of rows) {
    end += json.byteLength
    ends.push(end)
  }
  const bytes = new Uint8Array(end)
  rows.forEach(({ json }, index) => {
    bytes.set(json, (ends[index] ?? 0) - json.byteLength)
  })
  return { rows: rows.map(({ json: _, ...row }) => row), ends, bytes }
}

export function rowsOf({ rows, ends, bytes }: PackedRows): EventRow[] {
  return rows.map((row, index) => ({ ...row, json: bytes.subarray(ends[index - 1] ?? 0, ends[index]) }))
}
