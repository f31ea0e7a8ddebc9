import type { Codec } from '../index.ts'

export interface Example {
  readonly name: string
  // The codec belongs to the record beside it; a table of all of them can only say `unknown`.
  readonly codec: Codec<never>
  readonly record: object
  readonly bytes?: Uint8Array
}

export function example<T extends object>(name: string, codec: Codec<T>, record: T, bytes?: Uint8Array): Example {
  return { name, codec: codec as unknown as Codec<never>, record, ...(bytes ? { bytes } : {}) }
}
