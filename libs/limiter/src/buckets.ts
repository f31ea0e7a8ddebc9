/**
 * The buckets of an embedded limiter: in memory those in use, each also as a row once its change is committed. A full bucket
 * is the same as none, so it leaves both; beyond `maxInMemory` those whose row is committed leave the memory and are read
 * again when they are next claimed.
 */
import type { KeyValueTable, WriteTransaction } from '@sallyport/lmdb'
import { backlogAt } from './gcra.ts'
import { type BucketRow, bucketId, bufferOf, decodeBucket, encodeBucket } from './limiter-rows.ts'
import type { BucketClaim } from './port.ts'

export interface Bucket extends BucketRow {
  readonly id: string
  /** The reservation that claimed it last, to see one that claims it twice. */
  claimedBy: number
}

/** So many are looked at in a write, and twice as many as were changed: all have their turn sooner than they double. */
const leastSwept = 64
/** Rows that a write looks at which are not in memory: what an earlier process or a full memory left behind. */
const prunedRows = 200

export class Buckets {
  readonly #table: KeyValueTable
  readonly #maxInMemory: number
  readonly #buckets = new Map<string, Bucket>()
  #changed = new Set<Bucket>()
  #sweep: IterableIterator<Bucket> = this.#buckets.values()
  #pruneFrom: Uint8Array | undefined

  constructor(table: KeyValueTable, maxInMemory: number) {
    this.#table = table
    this.#maxInMemory = maxInMemory
  }

  get size(): number {
    return this.#buckets.size
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0
  }

  /** The bucket of a claim, with the claim's shape. */
  claimed({ application, name, intervalMs, burst }: BucketClaim): Bucket {
    const id = bucketId(application, name)
    let bucket = this.#buckets.get(id)
    if (!bucket) {
      bucket = this.#read(id) ?? { backlogUs: 0, atUs: 0, intervalUs: 0, burst: 0, lowPoints: [], id, claimedBy: 0 }
      this.#buckets.set(id, bucket)
    }
    bucket.intervalUs = intervalMs * 1000
    bucket.burst = burst
    return bucket
  }

  /** A bucket that exists. */
  find(id: string): Bucket | undefined {
    return this.#buckets.get(id) ?? this.#read(id)
  }

  change(bucket: Bucket, backlogUs: number, nowUs: number): void {
    bucket.backlogUs = backlogUs
    bucket.atUs = nowUs
    // A bucket that was found for a refund may have left the memory.
    this.#buckets.set(bucket.id, bucket)
    this.#changed.add(bucket)
  }

  /** Writes what changed, and lets go what is full. Called only when the write before has ended. Returns what it wrote, for `takeBack`. */
  write(transaction: WriteTransaction, nowUs: number): Iterable<Bucket> {
    this.#sweepSome(transaction, nowUs)
    const changed = this.#changed
    this.#changed = new Set()
    for (const bucket of changed) transaction.put(this.#table, Buffer.from(bucket.id), encodeBucket(bucket))
    return changed
  }

  /** The write of these failed: they are still to be written. */
  takeBack(written: Iterable<Bucket>): void {
    for (const bucket of written) this.#changed.add(bucket)
  }

  /** Deletes rows that are full and not in memory, some further ones with each call. */
  prune(transaction: WriteTransaction, nowUs: number): void {
    let last: Uint8Array | undefined
    let rows = 0
    for (const { key, value } of this.#table.range({ ...(this.#pruneFrom ? { from: this.#pruneFrom } : {}), limit: prunedRows })) {
      rows++
      last = Uint8Array.from(key)
      const row = decodeBucket(value)
      const isOver = row === undefined || backlogAt(row, nowUs) === 0
      if (isOver && !this.#buckets.has(textOf(last))) transaction.delete(this.#table, last)
    }
    this.#pruneFrom = last === undefined || rows < prunedRows ? undefined : Uint8Array.from([...last, 0])
  }

  /** The buckets of an application that are committed and not full, by name, after one. */
  *fills(
    application: string,
    after: string | undefined,
    nowUs: number,
  ): Iterable<{ name: string; row: BucketRow; backlogUs: number }> {
    const first = Buffer.from(bucketId(application, after ?? ''))
    const from = after === undefined ? first : Buffer.concat([first, Uint8Array.of(0)])
    for (const { key, value } of this.#table.range({ from, to: Buffer.from(`${application}\x01`) })) {
      const id = textOf(key)
      const row = this.#buckets.get(id) ?? decodeBucket(value)
      const backlogUs = row === undefined ? 0 : backlogAt(row, nowUs)
      if (row !== undefined && backlogUs > 0) yield { name: id.slice(application.length + 1), row, backlogUs }
    }
  }

  #read(id: string): Bucket | undefined {
    const row = decodeBucket(this.#table.get(Buffer.from(id)))
    return row && { ...row, id, claimedBy: 0 }
  }

  #sweepSome(transaction: WriteTransaction, nowUs: number): void {
    for (let left = Math.min(this.#buckets.size, leastSwept + 2 * this.#changed.size); left > 0; left--) {
      const next = this.#sweep.next()
      if (next.done) {
        this.#sweep = this.#buckets.values()
        continue
      }
      const bucket = next.value
      if (this.#changed.has(bucket)) continue
      const isFull = backlogAt(bucket, nowUs) === 0
      if (isFull) transaction.delete(this.#table, Buffer.from(bucket.id))
      if (isFull || this.#buckets.size > this.#maxInMemory) this.#buckets.delete(bucket.id)
    }
  }
}

const textOf = (key: Uint8Array): string => bufferOf(key).toString('utf8')
