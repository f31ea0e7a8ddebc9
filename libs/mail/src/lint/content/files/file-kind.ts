/** What a file is by its first bytes, whatever its name says. */

export type FileKind =
  | 'program'
  | 'java-class'
  | 'shortcut'
  | 'help'
  | 'disk-image'
  | 'ole'
  | 'zip'
  | 'rar'
  | '7z'
  | 'cab'
  | 'gzip'
  | 'bzip2'
  | 'xz'
  | 'pdf'
  | 'rtf'
  | 'onenote'
  | 'png'
  | 'jpeg'
  | 'gif'
  | 'bmp'
  | 'webp'
  | 'tiff'
  | 'html'
  | 'xml'
  | 'script'

/** ISO 9660 has its first descriptor here; no other kind needs as many bytes. */
export const isoMarkOffset = 32_769

/** Kind, offset, bytes in hexadecimal. */
const marks: readonly (readonly [FileKind, number, Buffer])[] = (
  [
    ['program', 0, '7f454c46'], // ELF
    ['program', 0, 'feedface'],
    ['program', 0, 'feedfacf'],
    ['program', 0, 'cefaedfe'],
    ['program', 0, 'cffaedfe'], // Mach-O
    ['program', 0, '6465780a'], // dex
    ['shortcut', 0, '4c00000001140200'],
    ['help', 0, '49545346'],
    ['disk-image', 0, '7668647866696c65'], // vhdxfile
    ['disk-image', 0, '636f6e6563746978'], // conectix
    ['disk-image', 0, '4b444d56'], // VMDK
    ['disk-image', isoMarkOffset, '4344303031'],
    ['disk-image', isoMarkOffset, '4245413031'], // UDF
    ['ole', 0, 'd0cf11e0a1b11ae1'],
    ['zip', 0, '504b0304'],
    ['zip', 0, '504b0506'],
    ['rar', 0, '526172211a07'],
    ['7z', 0, '377abcaf271c'],
    ['cab', 0, '4d534346'],
    ['gzip', 0, '1f8b08'],
    ['bzip2', 0, '425a68'],
    ['xz', 0, 'fd377a585a00'],
    ['rtf', 0, '7b5c7274'],
    ['onenote', 0, 'e4525c7b8cd8a74daeb15378d02996d3'],
    ['png', 0, '89504e470d0a1a0a'],
    ['jpeg', 0, 'ffd8ff'],
    ['gif', 0, '47494638'],
    ['webp', 8, '57454250'],
    ['tiff', 0, '49492a00'],
    ['tiff', 0, '4d4d002a'],
    ['script', 0, '2321'],
  ] as const
).map(([kind, offset, hex]) => [kind, offset, Buffer.from(hex, 'hex')])

/** Undefined where nothing known begins so: plain text, for instance. */
export function fileKind(head: Uint8Array): FileKind | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  for (const [kind, offset, mark] of marks) {
    if (bytes[offset] === mark[0] && bytes.subarray(offset, offset + mark.length).equals(mark)) return kind
  }
  if (isWindowsProgram(bytes)) return 'program'
  // `cafebabe` begins Java classes and Mach-O for several processors; the latter has at most a few of them.
  if (bytes.length >= 8 && bytes.readUInt32BE(0) === 0xcafebabe) return bytes.readUInt32BE(4) < 40 ? 'program' : 'java-class'
  if (bytes[0] === 0x42 && bytes[1] === 0x4d && bytes.length > 18 && bytes.readUInt32LE(6) === 0) return 'bmp'
  return textKind(bytes)
}

/** `MZ`, and the offset of the newer header within reason (PE, NE, LE); DOS programs have binary data behind. */
function isWindowsProgram(bytes: Buffer): boolean {
  if (bytes[0] !== 0x4d || bytes[1] !== 0x5a || bytes.length < 64) return false
  const newer = bytes.readUInt32LE(60)
  if (newer + 2 <= bytes.length && /^(?:PE|NE|LE|LX)$/.test(bytes.toString('latin1', newer, newer + 2))) return true
  return bytes.subarray(0, 64).includes(0)
}

function textKind(bytes: Buffer): FileKind | undefined {
  // Readers find the mark of PDF within the first 1,024 bytes (ISO 32000-1 annex H.3.4.1).
  if (bytes.subarray(0, 1_024).includes('%PDF-')) return 'pdf'
  const text = headText(bytes).trimStart().slice(0, 200).toLowerCase()
  if (text.startsWith('<!doctype html') || text.startsWith('<html') || text.startsWith('<head') || text.startsWith('<script'))
    return 'html'
  return text.startsWith('<?xml') || text.startsWith('<svg') ? 'xml' : undefined
}

/** The first bytes as text, whether UTF-16 or of one byte. */
export function headText(bytes: Buffer, maxBytes = 1_024): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2, Math.min(bytes.length, maxBytes))
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = Buffer.from(bytes.subarray(2, 2 + Math.floor(Math.min(bytes.length - 2, maxBytes) / 2) * 2))
    return even.swap16().toString('utf16le')
  }
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  return bytes.toString('latin1', start, Math.min(bytes.length, maxBytes))
}
