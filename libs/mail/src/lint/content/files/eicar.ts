/** The test file that every virus scanner knows (EICAR), wherever it is. */
import { entryBytes, type ZipEntry, type ZipPieces } from './zip-entries.ts'

/** In two pieces, or scanners would take this file away. */
const mark = Buffer.from(`${'X5O!P%@AP[4\\PZX54(P^)7CC)7}$'}${'EICAR-STANDARD-ANTIVIRUS-TEST-FILE'}${'!$H+H*'}`, 'latin1')
const maxUnpackedBytes = 4_096
const maxUnpackedEntries = 20

export const hasEicar = (bytes: Buffer): boolean => bytes.includes(mark)

export const textHasEicar = (text: string): boolean => text.includes('EICAR-STANDARD') && text.includes(mark.toString('latin1'))

/** True where a small file of the archive has it; what is stored in the archive is seen by {@link hasEicar} already. */
export function isEicarPacked(pieces: ZipPieces, entries: readonly ZipEntry[]): boolean {
  let unpacked = 0
  for (const entry of entries) {
    if (entry.method !== 8 || entry.isEncrypted || entry.bytes > maxUnpackedBytes || entry.bytes < mark.length) continue
    if (++unpacked > maxUnpackedEntries) return false
    if (hasEicar(entryBytes(pieces, entry, maxUnpackedBytes))) return true
  }
  return false
}
