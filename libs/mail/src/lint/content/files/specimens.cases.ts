/** For tests: files that are nothing but what the rules look for. None does anything. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface Packed {
  readonly name: string
  readonly data: Buffer
  readonly isDeflated?: boolean
  readonly isEncrypted?: boolean
}

/** A zip archive (APPNOTE.TXT 4.3). `isStreamed`: sizes stand behind the data, as programs write that cannot seek. */
export function zipOf(files: readonly Packed[], isStreamed = false): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const { name, data, isDeflated = false, isEncrypted = false } of files) {
    const packed = isDeflated ? deflateRawSync(data) : data
    const nameBytes = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE((isEncrypted ? 1 : 0) | (isStreamed ? 8 : 0) | 0x800, 2)
    common.writeUInt16LE(isDeflated ? 8 : 0, 4)
    common.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.from(common)
    if (!isStreamed) writeSizes(local, data, packed)
    writeSizes(common, data, packed)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    locals.push(Buffer.from('504b0304', 'hex'), local, nameBytes, packed)
    if (isStreamed) locals.push(Buffer.from('504b0708', 'hex'), Buffer.alloc(12))
    centrals.push(Buffer.from('504b01021400', 'hex'), common, tail, nameBytes)
    offset = Buffer.concat(locals).length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.write('504b0506', 'hex')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

function writeSizes(header: Buffer, data: Buffer, packed: Buffer): void {
  header.writeUInt32LE(crc32(data), 10)
  header.writeUInt32LE(packed.length, 14)
  header.writeUInt32LE(data.length, 18)
}

/** The EICAR test file, put together so that no scanner takes this file for it. */
export const eicarFile = Buffer.from(
  ['X5O!P%@AP[4\\PZX54(P^)7CC)', '7}$EICAR-STANDARD-', 'ANTIVIRUS-TEST-FILE!$H+H*'].join(''),
  'latin1',
)

export function windowsProgram(): Buffer {
  const bytes = Buffer.alloc(512)
  bytes.write('MZ')
  bytes.writeUInt32LE(128, 60)
  bytes.write('PE', 128)
  return bytes
}

/** A compound file (MS-CFB) with that name in UTF-16, or those bytes, somewhere behind its header. */
export function compoundFile(content: string | Buffer): Buffer {
  const bytes = Buffer.alloc(4_096)
  bytes.write('d0cf11e0a1b11ae1', 'hex')
  const inner = typeof content === 'string' ? Buffer.from(content, 'utf16le') : content
  inner.copy(bytes, 1_024)
  return bytes
}

/** With the mark of ISO 9660. */
export function discImage(): Buffer {
  const bytes = Buffer.alloc(40_000)
  bytes.write('CD001', 32_769)
  return bytes
}
