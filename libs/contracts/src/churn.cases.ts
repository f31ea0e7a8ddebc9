/** How many bytes of what came and went are of the old generation after it, where no full collection was: a program of its own, for tests. */
import { Type } from 'typebox'
import { codec } from './codec.ts'
import { RenewedMap } from './renewed-map.ts'

const v8 = process.getBuiltinModule('node:v8')
const collect = globalThis.gc as unknown as (options?: { type: 'minor' }) => void
const numbers = codec(Type.Array(Type.Number()))

/** Entries of which six are there at a time. */
const comings = (map: Map<number, number[]> | RenewedMap<number, number[]>) => (n: number) => {
  map.set(n, new Array<number>(60).fill(n))
  map.delete(n - 6)
}
const lately: Uint8Array[] = []
const kinds: Readonly<Record<string, (n: number) => void>> = {
  map: comings(new Map()),
  renewed: comings(new RenewedMap()),
  frames(n) {
    lately[n % 6] = numbers.encode(new Array<number>(60).fill(n))
  },
}

const oldBytes = (): number =>
  v8.getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? Number.NaN
const come = kinds[process.argv[2] ?? ''] as (n: number) => void
for (let n = 0; n < 10; n++) come(n)
collect()
const before = oldBytes()
for (let n = 10; n < 50_000; n++) {
  come(n)
  if (n % 5_000 === 0) collect({ type: 'minor' })
}
process.stdout.write(String(oldBytes() - before))
