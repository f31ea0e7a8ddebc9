/** Deletes what is old, from the beginning of the listing on, without looking at what is young. */
import { firstKeyAfter, madeAt } from './content-keys.ts'
import type { S3Operations } from './s3-operations.ts'

const atOnce = 16

/** Resolves with how many contents were deleted. Uploads that were left behind go as well. */
export async function deleteOlder(operations: S3Operations, madeBefore: number): Promise<number> {
  const isOld = (key: string): boolean => (madeAt(key) ?? Number.POSITIVE_INFINITY) < madeBefore
  const end = firstKeyAfter(madeBefore)
  let deleted = 0
  let after: string | undefined
  for (;;) {
    const keys = await operations.list(after)
    const old = keys.filter(isOld)
    await forEach(old, (key) => operations.remove(key))
    deleted += old.length
    after = keys.at(-1)
    if (after === undefined || after >= end) break
  }
  const left = (await operations.uploads()).filter(({ key }) => isOld(key))
  await forEach(left, (upload) => operations.abortUpload(upload))
  return deleted
}

/** Some at once. Rejects with the first failure, when what had begun has ended. */
async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const remaining = items.values()
  const worker = async (): Promise<void> => {
    for (const item of remaining) await work(item)
  }
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
