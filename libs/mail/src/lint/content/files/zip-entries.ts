/** Which files a zip archive has, from its directory or, where the end is missing, from what stands before each file (APPNOTE.TXT 4.3). */
import { inflateRawSync } from 'node:zlib'

export interface ZipEntry {
  readonly name: string
  readonly isEncrypted: boolean
  /** 0 is stored, 8 is deflated. */
  readonly method: number
  readonly compressedBytes: number
  readonly bytes: number
  /** Where its local header stands in the archive. */
  readonly offset: number
}

const maxEntries = 1_000
const localMark = Buffer.from('504b0304', 'hex')
const centralMark = Buffer.from('504b0102', 'hex')
const endMark = Buffer.from('504b0506', 'hex')

/** At most 1,000 entries. `tail` is the end of the archive where it is known, and may be the same bytes as `head`. Never throws. */
export function zipEntries(head: Buffer, tail: Buffer | undefined): readonly ZipEntry[] {
  const central = tail === undefined ? [] : centralEntries(tail)
  return central.length > 0 ? central : localEntries(head)
}

function centralEntries(tail: Buffer): ZipEntry[] {
  const end = tail.lastIndexOf(endMark)
  if (end === -1 || end + 22 > tail.length) return []
  const directoryBytes = tail.readUInt32LE(end + 12)
  // A directory that begins before what is at hand is read from its first whole entry on.
  const start = directoryBytes <= end ? end - directoryBytes : tail.indexOf(centralMark)
  const entries: ZipEntry[] = []
  for (let at = start; at >= 0 && at + 46 <= end && entries.length < maxEntries; ) {
    if (!tail.subarray(at, at + 4).equals(centralMark)) break
    const nameBytes = tail.readUInt16LE(at + 28)
    const flags = tail.readUInt16LE(at + 8)
    entries.push({
      name: nameOf(tail, at + 46, nameBytes, flags),
      isEncrypted: (flags & 1) === 1,
      method: tail.readUInt16LE(at + 10),
      compressedBytes: tail.readUInt32LE(at + 20),
      bytes: tail.readUInt32LE(at + 24),
      offset: tail.readUInt32LE(at + 42),
    })
    at += 46 + nameBytes + tail.readUInt16LE(at + 30) + tail.readUInt16LE(at + 32)
  }
  return entries
}

function localEntries(head: Buffer): ZipEntry[] {
  const entries: ZipEntry[] = []
  for (let at = head.indexOf(localMark); at !== -1 && at + 30 <= head.length && entries.length < maxEntries; ) {
    const flags = head.readUInt16LE(at + 6)
    const nameBytes = head.readUInt16LE(at + 26)
    const compressedBytes = head.readUInt32LE(at + 18)
    entries.push({
      name: nameOf(head, at + 30, nameBytes, flags),
      isEncrypted: (flags & 1) === 1,
      method: head.readUInt16LE(at + 8),
      compressedBytes,
      bytes: head.readUInt32LE(at + 22),
      offset: at,
    })
    const dataStart = at + 30 + nameBytes + head.readUInt16LE(at + 28)
    // Bit 3: the sizes follow the data.
    const next = (flags & 8) === 8 ? dataStart : dataStart + compressedBytes
    at = head.indexOf(localMark, next)
  }
  return entries
}

const nameOf = (bytes: Buffer, start: number, length: number, flags: number): string =>
  bytes.toString((flags & 0x800) === 0 ? 'latin1' : 'utf8', start, Math.min(bytes.length, start + Math.min(length, 500)))

/** What is at hand of an archive. */
export interface ZipPieces {
  readonly head: Buffer
  /** The end, where it is known; may be the same bytes as `head`. */
  readonly tail: Buffer | undefined
}

/** The data of an entry as it stands in the archive, as far as it is at hand. */
export function entryData({ head, tail }: ZipPieces, { offset, compressedBytes }: ZipEntry): Buffer {
  const inHead = dataAt(head, offset, compressedBytes)
  if (inHead.length > 0 || tail === undefined || tail === head) return inHead
  return dataAt(tail, offset - (tailOffset(tail) ?? 0), compressedBytes)
}

function dataAt(piece: Buffer, offset: number, compressedBytes: number): Buffer {
  const isThere = offset >= 0 && offset + 30 <= piece.length && piece.subarray(offset, offset + 4).equals(localMark)
  if (!isThere) return piece.subarray(0, 0)
  const start = offset + 30 + piece.readUInt16LE(offset + 26) + piece.readUInt16LE(offset + 28)
  return piece.subarray(start, start + compressedBytes)
}

/** Where in the archive `tail` begins: its directory says where that stands. */
function tailOffset(tail: Buffer): number | undefined {
  const end = tail.lastIndexOf(endMark)
  if (end === -1 || end + 22 > tail.length) return undefined
  return tail.readUInt32LE(end + 16) + tail.readUInt32LE(end + 12) - end
}

/** An entry unpacked; nothing where it is broken, not at hand, packed in another way, or larger than `maxBytes`. Never throws. */
export function entryBytes(pieces: ZipPieces, entry: ZipEntry, maxBytes: number): Buffer {
  const data = entryData(pieces, entry)
  if (entry.method === 0) return data.subarray(0, maxBytes)
  if (entry.method !== 8) return data.subarray(0, 0)
  try {
    return inflateRawSync(data, { maxOutputLength: maxBytes })
  } catch {
    return Buffer.alloc(0)
  }
}
