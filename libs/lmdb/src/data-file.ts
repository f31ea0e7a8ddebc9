/** Is the store's file an LMDB file? Asked before the engine maps it, which may abort the process on damage. */
import { closeSync, openSync, readSync } from 'node:fs'
import { SallyportError } from '@sallyport/contracts'

/** MDB_MAGIC of LMDB's meta pages, little endian, after the page header. */
const magic = 0xbeefc0de
const pageHeaderBytes = 24
const metaFlag = 0x08
/** Page sizes that LMDB uses: the two meta pages stand at 0 and at one page. */
const pageBytes = [4096, 8192, 16_384, 32_768]

/** Fails with DATA_FOLDER_CORRUPT where neither meta page is one. A missing or empty file is a new store. */
export function verifyDataFile(path: string): void {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    const head = Buffer.alloc(32_768 + 64)
    const bytes = readSync(fd, head, 0, head.length, 0)
    if (bytes === 0) return
    const isMeta = (at: number): boolean =>
      bytes >= at + 64 && head.readUInt32LE(at + pageHeaderBytes) === magic && (head.readUInt16LE(at + 18) & metaFlag) !== 0
    if (isMeta(0) && pageBytes.some(isMeta)) return
    throw new SallyportError(
      'DATA_FOLDER_CORRUPT',
      `${path} is corrupt (its first pages are not those of the store): restore the data folder from a backup, or move it away to start empty; it was left as it is`,
    )
  } finally {
    closeSync(fd)
  }
}
