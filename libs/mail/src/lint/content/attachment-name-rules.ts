/** Rules on the names of attachments. */
import { shown } from '../evidence.ts'
import type { LintRule } from '../port.ts'
import { shownName } from './attachment-rules.ts'
import { type Attachment, attachmentsOf } from './files/attachment.ts'
import type { FileKind } from './files/file-kind.ts'
import { hidesExtension, isRunnable, turnsDirection } from './files/file-name.ts'

/** What a file of that extension holds. Where there is more than one truth (an .xls that is a table in HTML), all of them. */
const kindsByExtension: ReadonlyMap<string, readonly FileKind[]> = new Map<string, readonly FileKind[]>([
  ['pdf', ['pdf']],
  ['png', ['png']],
  ['jpg', ['jpeg']],
  ['jpeg', ['jpeg']],
  ['gif', ['gif']],
  ['webp', ['webp']],
  ['bmp', ['bmp']],
  ['tif', ['tiff']],
  ['tiff', ['tiff']],
  ['zip', ['zip']],
  ['rar', ['rar']],
  ['7z', ['7z']],
  ['gz', ['gzip']],
  ['docx', ['zip', 'ole']],
  ['xlsx', ['zip', 'ole']],
  ['pptx', ['zip', 'ole']],
  ['odt', ['zip']],
  ['ods', ['zip']],
  ['doc', ['ole', 'rtf', 'zip', 'html', 'xml']],
  ['xls', ['ole', 'zip', 'html', 'xml']],
  ['ppt', ['ole', 'zip']],
])
/** Text that spreadsheets and word processors read under these names. */
const mayBeText = new Set(['doc', 'xls'])
const images = new Set<FileKind | undefined>(['png', 'jpeg', 'gif', 'webp', 'bmp', 'tiff'])

/** An image under the name of another image is shown all the same. */
function isMisnamed({ extension, kind, hasBytes, part }: Attachment): boolean {
  const kinds = kindsByExtension.get(extension)
  if (kinds === undefined || !hasBytes || part.children.length > 0) return false
  if (kind === undefined) return !mayBeText.has(extension)
  return !kinds.includes(kind) && !(images.has(kind) && kinds.some((each) => images.has(each)))
}

export const attachmentNameRules: readonly LintRule[] = [
  {
    id: 'spam.attachment-double-extension',
    points: 6,
    text: 'The name of an attachment hides what it is: a program that looks like a document (invoice.pdf.exe).',
    fix: 'Give the file the one extension that it has.',
    reference: 'Gmail: blocked file types; MITRE ATT&CK T1036.007',
    why: 'Windows hides the last extension. Only malware has two.',
    find(input) {
      const file = attachmentsOf(input).find(({ name }) => hidesExtension(name))
      return file === undefined ? undefined : { file: shownName(file), extension: file.extension }
    },
  },
  {
    id: 'spam.attachment-name-turned',
    points: 5,
    text: 'The name of an attachment has a character that turns the direction of writing, so that people see another extension.',
    fix: 'Take the characters U+202A–U+202E and U+2066–U+2069 out of the name.',
    reference: 'UAX #9; MITRE ATT&CK T1036.002',
    why: 'annexe.doc may be anncod.exe. File names need no such characters in any language.',
    find(input) {
      const file = attachmentsOf(input).find(({ name }) => turnsDirection(name))
      return file === undefined
        ? undefined
        : { file: shown(JSON.stringify(file.name).replace(/[\u202a-\u202e\u2066-\u2069]/g, '?')) }
    },
  },
  {
    id: 'spam.attachment-refused-type',
    points: 3,
    text: 'An attachment has an extension that large mailbox providers refuse.',
    fix: 'Put the file on a server and link to it. In a zip it is refused as well.',
    reference: 'Gmail: blocked file types; Outlook: blocked attachments',
    why: 'Such files run by a double click. Receivers refuse the whole message.',
    find(input) {
      const file = attachmentsOf(input).find(({ extension }) => isRunnable(extension))
      return file === undefined ? undefined : { file: shownName(file), extension: file.extension }
    },
  },
  {
    id: 'spam.attachment-misnamed',
    points: 0.7,
    text: 'An attachment is not what its name says.',
    fix: 'Give it the extension of what it is. If it should be what it says, look whether it is broken.',
    reference: 'RFC 2183 §5, NIST SP 800-177 §6.4',
    why: 'The reader cannot open it, and filters take it for a disguise.',
    find(input) {
      const file = attachmentsOf(input).find(isMisnamed)
      return file === undefined ? undefined : { file: shownName(file), kind: file.kind ?? 'unknown' }
    },
  },
]
