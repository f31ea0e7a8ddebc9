/** Is the store's file whole? Asked before the engine maps it, which may end the process on damage. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { SallyportError } from '@sallyport/contracts'

/** MDB_MAGIC of LMDB's meta pages, little endian, after the page header. */
const magic = 0xbeefc0de
const pageHeaderBytes = 24
const metaFlag = 0x08
/** Page sizes that LMDB uses: the two meta pages stand at 0 and at one page. */
const pageSizes = [4096, 8192, 16_384, 32_768]
/** In a meta: the number of the last page that is in use, then that of the transaction. */
const lastPageAt = 120
const transactionAt = 128
/** The engine does not write pages at the end that a transaction took and gave back. */
const missingPages = 64

/**
 * Fails with DATA_FOLDER_CORRUPT where a meta page is none, or where the file ends before pages that are in use (a
 * copy that was cut off). A missing or empty file is a new store. Damage within is found when it is read, or not at all.
 */
export function verifyDataFile(path: string): void {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    const head = Buffer.alloc(32_768 + pageHeaderBytes + 256)
    const bytes = readSync(fd, head, 0, head.length, 0)
    if (bytes === 0) return
    const isMeta = (at: number): boolean =>
      bytes >= at + pageHeaderBytes + 256 &&
      head.readUInt32LE(at + pageHeaderBytes) === magic &&
      (head.readUInt16LE(at + 18) & metaFlag) !== 0
    const pageBytes = pageSizes.find(isMeta)
    if (!isMeta(0) || pageBytes === undefined) throw corrupt(path, 'its first pages are not those of the store')
    const usedBytes = usedPages(head, pageBytes) * pageBytes
    const fileBytes = fstatSync(fd).size
    if (fileBytes < usedBytes - missingPages * pageBytes) {
      throw corrupt(path, `it has ${fileBytes} bytes, and ${usedBytes} are in use`)
    }
  } finally {
    closeSync(fd)
  }
}

/**
 * Pages that are in use for certain: by the latest transaction, and by the last that was flushed, whose meta stands in the
 * middle of the first page. After a loss of power only the latter need be in the file.
 */
function usedPages(head: Buffer, pageBytes: number): number {
  const read = (at: number): number => Number(head.readBigUInt64LE(at + pageHeaderBytes))
  const metas = [0, pageBytes].map((at) => ({ transaction: read(at + transactionAt), pages: read(at + lastPageAt) + 1 }))
  const [latest = 0, before = 0] = metas.sort((a, b) => b.transaction - a.transaction).map(({ pages }) => pages)
  const isFlushed = read(pageBytes / 2 + transactionAt) > 0
  return Math.min(latest, isFlushed ? read(pageBytes / 2 + lastPageAt) + 1 : before)
}

const corrupt = (path: string, why: string): SallyportError =>
  new SallyportError(
    'DATA_FOLDER_CORRUPT',
    `${path} is corrupt (${why}): restore the data folder from a backup, or move it away to start empty; it was left as it is`,
  )
