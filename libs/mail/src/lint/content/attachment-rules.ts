/** Rules on attachments by what their bytes are. */
import { shown, shownAll } from '../evidence.ts'
import type { LintEvidence, LintInput, LintRule } from '../port.ts'
import {
  type Attachment,
  archiveEntries,
  attachmentsOf,
  isJavaArchive,
  isZipDocument,
  runnableEntries,
} from './files/attachment.ts'
import { textHasEicar } from './files/eicar.ts'
import { isDiskImage } from './files/file-name.ts'

/** The first attachment that fits, by its name. */
function firstFile(input: LintInput, fits: (file: Attachment) => boolean): LintEvidence | undefined {
  const found = attachmentsOf(input).find(fits)
  return found === undefined ? undefined : { file: shownName(found), ...(found.kind === undefined ? {} : { kind: found.kind }) }
}

/** The first attachment of which something is found, with what. */
function firstWith(input: LintInput, find: (file: Attachment) => readonly string[]): LintEvidence | undefined {
  for (const file of attachmentsOf(input)) {
    const found = find(file)
    if (found.length > 0) return { file: shownName(file), found: shownAll(found) }
  }
  return undefined
}

export const shownName = ({ name, part }: Attachment): string => shown(name === '' ? part.mediaType : name)

const documentObjects = new Set(['package', 'Equation', 'objdata', 'objocx', 'objupdate', 'objautlink'])
const pageActions = new Set(['script', 'event handler', 'refresh', 'frame'])

export const attachmentRules: readonly LintRule[] = [
  {
    id: 'spam.virus-test-file',
    points: 20,
    text: 'The message has the EICAR test file, which every virus scanner takes for a virus.',
    fix: 'Take it out. To show that scanning works, send it to a mailbox of your own.',
    reference: 'EICAR: Anti-Malware Testfile',
    why: 'It stands for a virus: no receiver takes it, and the sender is blocked.',
    find(input) {
      const file = attachmentsOf(input).find((each) => each.hasEicar)
      if (file !== undefined) return { file: shownName(file) }
      return textHasEicar(input.plainText) || (input.html !== undefined && textHasEicar(input.html.visibleText))
        ? { file: 'the body' }
        : undefined
    },
  },
  {
    id: 'spam.attachment-program',
    points: 8,
    text: 'An attachment is a program, whatever its name says.',
    fix: 'Put the program on a server and link to it.',
    reference: 'Gmail: blocked file types; NIST SP 800-177 §6.4',
    why: 'Receivers refuse programs, in archives too: it is how malware travels.',
    find: (input) =>
      firstFile(input, (file) => file.kind === 'program' || file.kind === 'java-class' || file.isInstaller || isJavaArchive(file)),
  },
  {
    id: 'spam.attachment-shortcut',
    points: 8,
    text: 'An attachment is a Windows shortcut or help file, which runs commands when it is opened.',
    fix: 'Attach the document itself, or link to it.',
    reference: 'Gmail: blocked file types; MS-SHLLINK',
    why: 'Nobody sends shortcuts but malware.',
    find: (input) => firstFile(input, (file) => file.kind === 'shortcut' || file.kind === 'help'),
  },
  {
    id: 'spam.attachment-disk-image',
    points: 5,
    text: 'An attachment is a disk image (ISO, IMG, VHD).',
    fix: 'Attach the files themselves, or link to the image.',
    reference: 'Gmail: blocked file types',
    why: 'Windows opens disk images by a double click and forgets that what is in them came by mail; malware uses it.',
    find: (input) =>
      firstFile(
        input,
        (file) => file.kind === 'disk-image' || (file.hasBytes && file.kind === undefined && isDiskImage(file.extension)),
      ),
  },
  {
    id: 'spam.attachment-macros',
    points: 3,
    text: 'An attached Office document has macros.',
    fix: 'Save it without macros (docx, xlsx, pptx), or as PDF.',
    reference: 'MS-OVBA; NIST SP 800-177 §6.4',
    why: 'Macros are programs. Many receivers refuse such documents or take the macros out.',
    find: (input) => firstFile(input, (file) => file.hasMacros),
  },
  {
    id: 'spam.attachment-object',
    points: 4,
    text: 'An attached document has an embedded object that runs when it is opened (RTF or OLE object).',
    fix: 'Save it as PDF, or without embedded objects.',
    reference: 'CVE-2017-11882, CVE-2017-0199; NIST SP 800-177 §6.4',
    why: 'Such objects have been used to run code without a question, so filters refuse them.',
    find: (input) => firstWith(input, ({ actions }) => actions.filter((action) => documentObjects.has(action))),
  },
  {
    id: 'spam.attachment-remote-template',
    points: 3,
    text: 'An attached Office document fetches a template or an object from the web when it is opened.',
    fix: 'Save it with a template that is on no server, or as PDF.',
    reference: 'MITRE ATT&CK T1221; CVE-2017-0199',
    why: 'What is fetched can have macros and change after filters looked, so malware hides there.',
    find: (input) => firstWith(input, (file) => file.remoteParts),
  },
  {
    id: 'spam.attachment-pdf-launch',
    points: 5,
    text: 'An attached PDF starts a program when it is opened.',
    fix: 'Take the Launch action out.',
    reference: 'ISO 32000-1 §12.6.4.5',
    why: 'Only malware does that.',
    find: (input) => firstFile(input, ({ kind, actions }) => kind === 'pdf' && actions.includes('Launch')),
  },
  {
    id: 'spam.attachment-pdf-script',
    points: 1,
    text: 'An attached PDF has JavaScript.',
    fix: 'Save it without scripts, where it does not need them.',
    reference: 'ISO 32000-1 §12.6.4.16',
    why: 'Filters distrust PDF with scripts, since readers have been attacked by them.',
    find: (input) =>
      firstFile(input, ({ kind, actions }) => kind === 'pdf' && (actions.includes('JavaScript') || actions.includes('JS'))),
  },
  {
    id: 'spam.attachment-active-page',
    points: 2.5,
    text: 'An attached HTML or SVG file runs a script or goes to another page by itself.',
    fix: 'Attach a PDF or an image, or link to the page.',
    reference: 'CAPEC-19; NIST SP 800-177 §6.4',
    why: 'Opened from a mail it can build malware or a login page on the reader’s computer, past every filter.',
    find: (input) => firstWith(input, ({ actions }) => actions.filter((action) => pageActions.has(action))),
  },
  {
    id: 'spam.attachment-form',
    points: 2.5,
    text: 'An attached HTML file has a form.',
    fix: 'Link to a page that has the form.',
    reference: 'M3AAWG Anti-Phishing Best Practices',
    why: 'Forms in attachments ask for passwords where no filter and no browser warns.',
    find: (input) => firstFile(input, ({ actions }) => actions.includes('form')),
  },
  {
    id: 'spam.attachment-encrypted',
    points: 2,
    text: 'An attached archive or document is encrypted.',
    fix: 'Send a link to a place that asks who the reader is, or encrypt the mail itself (S/MIME, OpenPGP).',
    reference: 'NIST SP 800-177 §6.4',
    why: 'Filters cannot look into it, and malware comes with the password in the text; many receivers hold such mail.',
    find: (input) => firstFile(input, (file) => file.isEncrypted),
  },
  {
    id: 'spam.attachment-packed-program',
    points: 6,
    text: 'An attached archive has a file that runs when it is opened.',
    fix: 'Put the file on a server and link to it.',
    reference: 'Gmail: blocked file types',
    why: 'Receivers look into archives and refuse programs there too.',
    find: (input) => firstWith(input, (file) => (isZipDocument(file) ? [] : runnableEntries(file))),
  },
  {
    id: 'spam.attachment-packed-archive',
    points: 0.7,
    text: 'An attached archive has another archive in it.',
    fix: 'Pack the files once.',
    reference: 'NIST SP 800-177 §6.4',
    why: 'Filters look only so deep, and distrust what is deeper.',
    find: (input) => firstWith(input, (file) => (isZipDocument(file) ? [] : archiveEntries(file))),
  },
]
