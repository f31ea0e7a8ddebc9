/** What an attachment is by its bytes: read from a bounded beginning and end, found once for every rule that asks. */
import { readHtml } from '../../../html/read-html.ts'
import type { MimePart } from '../../../mime/port.ts'
import { kept } from '../../kept.ts'
import type { LintInput } from '../../port.ts'
import { hasEicar, isEicarPacked } from './eicar.ts'
import { type FileKind, fileKind, headText, isoMarkOffset } from './file-kind.ts'
import { extensionOf, isArchive, isDiskImage, isRunnable } from './file-name.ts'
import { headOf, tailOf } from './part-bytes.ts'
import { pdfActions } from './pdf-actions.ts'
import { remoteParts, remoteTemplate } from './remote-parts.ts'
import { type ZipEntry, zipEntries } from './zip-entries.ts'

export interface Attachment {
  readonly part: MimePart
  /** Empty where it has none. */
  readonly name: string
  readonly extension: string
  readonly kind: FileKind | undefined
  /** False for an attachment that is empty or was cut away. */
  readonly hasBytes: boolean
  readonly hasEicar: boolean
  /** Of a zip archive; others are not opened. */
  readonly entries: readonly ZipEntry[]
  readonly isEncrypted: boolean
  readonly hasMacros: boolean
  /** An installer of Windows. */
  readonly isInstaller: boolean
  /** What a document does by itself: `JavaScript`, `Launch`, `objdata`, `Equation`, `script`, … */
  readonly actions: readonly string[]
  /** What a document fetches when it is opened, and from where: `attachedTemplate evil.example`. */
  readonly remoteParts: readonly string[]
}

const maxAttachments = 30
/** Enough to tell the kind, a disk image's excepted. */
const firstBytes = 4_096
const maxHeadBytes = 262_144
const maxTailBytes = 65_535
/** Over all attachments of a message. */
const maxTotalBytes = 4_194_304
const nothing = Buffer.alloc(0)

/** The attachments in order, at most 30, reading at most 4 MiB of them. Never throws; found once for each input. */
export const attachmentsOf: (input: LintInput) => readonly Attachment[] = kept((input) => {
  let budget = maxTotalBytes
  return input.attachments.slice(0, maxAttachments).map((part) => {
    const attachment = readAttachment(input, part, Math.min(maxHeadBytes, Math.max(firstBytes, budget)))
    budget -= Math.min(maxHeadBytes, part.bodyEnd - part.bodyStart)
    return attachment
  })
})

function readAttachment({ mime }: LintInput, part: MimePart, maxBytes: number): Attachment {
  const name = part.fileName ?? ''
  const extension = extensionOf(name)
  const isMessage = part.children.length > 0 || part.mediaType.startsWith('message/')
  const wanted = isDiskImage(extension) ? isoMarkOffset + 5 : firstBytes
  let head = isMessage ? nothing : headOf(mime, part, Math.min(maxBytes, wanted))
  const kind = fileKind(head)
  const isMarkup =
    kind === 'html' || kind === 'xml' || /^(?:x?html?|svg|xml|hta|shtml)$/.test(extension) || part.mediaType === 'image/svg+xml'
  const isDocument = kind === 'ole' || kind === 'zip' || kind === 'pdf' || kind === 'rtf' || kind === 'onenote'
  if ((isDocument || isMarkup) && head.length >= wanted) head = headOf(mime, part, maxBytes)
  const tail = kind === 'zip' || kind === 'pdf' ? (head.length < maxBytes ? head : tailOf(mime, part, maxTailBytes)) : undefined
  const entries = kind === 'zip' ? zipEntries(head, tail) : []
  return {
    part,
    name,
    extension,
    kind,
    hasBytes: head.length > 0,
    hasEicar: hasEicar(head) || (entries.length > 0 && isEicarPacked({ head, tail }, entries)),
    entries,
    isEncrypted: isEncrypted(kind, head, entries),
    hasMacros: hasMacros(kind, head, entries),
    isInstaller: kind === 'ole' && (extension === 'msi' || head.includes(installerClass)),
    actions: kind === 'ole' ? oleObjects(head) : isMarkup && !isAmp(part) ? markupActions(head) : documentActions(kind, head, tail),
    remoteParts: kind === 'rtf' ? remoteTemplate(head) : remoteParts({ head, tail }, entries),
  }
}

function isEncrypted(kind: FileKind | undefined, head: Buffer, entries: readonly ZipEntry[]): boolean {
  if (kind === 'zip') return entries.some((entry) => entry.isEncrypted)
  if (kind === 'ole') return head.includes(utf16('EncryptedPackage'))
  if (kind !== 'rar') return false
  // RAR 5: the first header is one of encryption; before: a flag of the archive's header, or of the first file's.
  if (head[6] === 1) return head[13] === 4
  const fileFlags = head.length > 23 ? head.readUInt16LE(23) : 0
  return ((head[10] ?? 0) & 0x80) !== 0 || (head[22] === 0x74 && (fileFlags & 4) !== 0)
}

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')
const vbaStream = utf16('_VBA_PROJECT')
/** {000C1084-0000-0000-C000-000000000046} */
const installerClass = Buffer.from('84100c0000000000c000000000000046', 'hex')
const macroEntry = /(?:^|\/)vbaproject\.bin$|^xl\/macrosheets\/|^basic\/[^/]+\/./i

function hasMacros(kind: FileKind | undefined, head: Buffer, entries: readonly ZipEntry[]): boolean {
  if (kind === 'ole') return head.includes(vbaStream)
  return entries.some(({ name }) => macroEntry.test(name.replaceAll('\\', '/')))
}

const oleMarks: readonly (readonly [string, Buffer])[] = [
  ['package', utf16('\u0001Ole10Native')],
  ['Equation', Buffer.from('Equation.3', 'latin1')],
]
const oleObjects = (head: Buffer): string[] => oleMarks.flatMap(([name, mark]) => (head.includes(mark) ? [name] : []))

const rtfObjects = ['objdata', 'objocx', 'objupdate', 'objautlink'] as const

function documentActions(kind: FileKind | undefined, head: Buffer, tail: Buffer | undefined): string[] {
  if (kind === 'rtf') return rtfObjects.filter((word) => head.includes(`\\${word}`))
  return kind === 'pdf' ? pdfActions(tail === undefined || tail === head ? [head] : [head, tail]) : []
}

/** A further form of the text, AMP for Email, which begins with a script by its own rules, and no file that a browser opens. */
const isAmp = ({ mediaType, fileName }: MimePart): boolean => mediaType === 'text/x-amp-html' && fileName === undefined

/** HTML and SVG as a page that a browser opens, where scripts do run. */
function markupActions(head: Buffer): string[] {
  const facts = readHtml(headText(head, head.length))
  const actions: string[] = []
  if (facts.scriptCount > 0) actions.push('script')
  if (facts.activeCount > 0) actions.push('event handler')
  if (facts.hasMetaRefresh) actions.push('refresh')
  if (facts.formCount > 0) actions.push('form')
  if (facts.iframeCount > 0) actions.push('frame')
  return actions
}

/** What would run or open by a double click within an archive. */
export const runnableEntries = ({ entries }: Attachment): readonly string[] =>
  entries.filter(({ name }) => isRunnable(extensionOf(name))).map(({ name }) => name)

export const archiveEntries = ({ entries }: Attachment): readonly string[] =>
  entries.filter(({ name }) => isArchive(extensionOf(name)) || isDiskImage(extensionOf(name))).map(({ name }) => name)

/** Documents that are zip archives inside are no archives to whoever opens them. */
export const isZipDocument = ({ entries }: Attachment): boolean =>
  entries.some(({ name }) => name === '[Content_Types].xml' || name === 'mimetype' || name === 'META-INF/MANIFEST.MF')

/** Java programs. */
export const isJavaArchive = ({ entries, extension }: Attachment): boolean =>
  entries.length > 0 &&
  extension !== 'zip' &&
  entries.some(({ name }) => name.endsWith('.class')) &&
  entries.some(({ name }) => name === 'META-INF/MANIFEST.MF')
