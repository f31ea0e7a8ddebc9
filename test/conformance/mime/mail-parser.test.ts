/** Against the expected trees of mail-parser (Apache-2.0 OR MIT): structure, media types, text and bytes of every part. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type MimePart, readMime } from '@sallyport/mail'
import { firstDifference, type Node, outline, textOrBytes, treeOf } from './outline.ts'
import { skipWithoutSuites, suiteFiles, suiteFolder } from './suites.ts'

const undeclared = 'text without a charset that is not UTF-8 is Latin-1 to us, U+FFFD to the suite'
const outer = 'the boundary of an outer multipart ends the inner one (RFC 2046 §5.1.2)'
const missing = 'a multipart whose boundary never occurs stays what it was declared to be, with a fault'

/** Where we read otherwise, with and without CR in the line ends. */
const differences: Readonly<Record<string, string>> = {
  'legacy/026': undeclared,
  'legacy/052': undeclared,
  'malformed/000': 'parts that end within their header are parts',
  'malformed/001': missing,
  'malformed/002': missing,
  'malformed/004': missing,
  'malformed/007': 'a line of dashes in a header, where the empty line was forgotten, is the first delimiter',
  'malformed/008': outer,
  'malformed/009': outer,
  'malformed/011': outer,
  'malformed/012': outer,
  'malformed/016': 'boundaries over 70 characters are compared to their end',
  'malformed/019': 'a header part that no empty line ends holds text: garbage in any reading',
  'malformed/020': 'of two Content-Type fields the first counts',
  'malformed/021': 'of two Content-Type fields the first counts',
  'malformed/022': 'a message/rfc822 that holds none is still a message: its text is the body of that',
  'rfc/000': 'what is not base64 is decoded as far as it goes, and is a fault',
  'rfc/008': 'a message that is encoded (RFC 2045 §6.4 forbids it) is one opaque part',
  'thirdparty/002': 'base64 that is followed by text is decoded as far as it goes, and is a fault',
  'thirdparty/005': 'a delimiter stands at the beginning of a line',
  'thirdparty/015': 'the boundary of the outer multipart ends a message whose own parts were cut off',
}

interface ExpectedMessage {
  readonly parts: readonly {
    readonly headers: readonly { readonly name: unknown; readonly value: { readonly ContentType?: ExpectedType } }[]
    readonly body: {
      readonly Multipart?: readonly number[]
      readonly Message?: ExpectedMessage
      readonly Text?: string
      readonly Html?: string
      readonly Binary?: readonly number[]
      readonly InlineBinary?: readonly number[]
    }
  }[]
}
interface ExpectedType {
  readonly c_type: string
  readonly c_subtype: string | null
}

function expectedTree(message: ExpectedMessage, index: number, types: string[]): Node {
  const part = message.parts[index]
  assert.ok(part)
  const { Multipart, Message, Text, Html, Binary, InlineBinary } = part.body
  const declared = part.headers.find((header) => header.name === 'content_type')?.value.ContentType
  types.push(declared?.c_subtype ? `${declared.c_type}/${declared.c_subtype}`.toLowerCase() : 'none')
  if (Multipart) return { kind: 'multipart', children: Multipart.map((child) => expectedTree(message, child, types)) }
  if (Message) return { kind: 'message', children: [expectedTree(Message, 0, types)] }
  return { kind: 'leaf', body: Text ?? Html ?? Buffer.from(Binary ?? InlineBinary ?? []).toString('latin1') }
}

const declaredTypes = (parts: readonly MimePart[]): readonly string[] =>
  parts.map((part) => (part.isTypeDeclared && !part.faults.includes('content-type-malformed') ? part.mediaType : 'none'))

test('mail-parser: parts, types and bodies', { skip: skipWithoutSuites }, () => {
  const folder = suiteFolder('stalwart-mail-parser/eml')
  const files = suiteFiles('stalwart-mail-parser/eml', '*/*.json')
  assert.equal(files.length, 214)
  const differing: string[] = []
  for (const file of files) {
    const name = file.replace(/(?:\.crlf)?\.json$/, '')
    const written = readFileSync(join(folder, `${name}.eml`), 'latin1')
    const lines = file.endsWith('.crlf.json') ? written.replaceAll(/\r?\n/g, '\r\n') : written.replaceAll('\r', '')
    const message = readMime(Buffer.from(lines, 'latin1'))
    const expected: ExpectedMessage = JSON.parse(readFileSync(join(folder, file), 'utf8'))
    const types: string[] = []
    const expectedLines = outline(expectedTree(expected, 0, types))
    const ownLines = outline(treeOf(message.root, textOrBytes(message)))
    if (name in differences) {
      if (firstDifference(ownLines, expectedLines)) differing.push(name)
      continue
    }
    assert.equal(firstDifference(ownLines, expectedLines), undefined, file)
    assert.deepEqual(declaredTypes(message.parts), types, file)
  }
  // A difference that is none any more is taken off the table.
  assert.deepEqual([...new Set(differing)].sort(), Object.keys(differences).sort())
})
