/** Against the expected parts of MIME-tools (Perl's licence): types, encodings, charsets, boundaries, file names and decoded sizes. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { type MimePart, readMime } from '@sallyport/mail'
import { latin1 } from './outline.ts'
import { skipWithoutSuites, suiteFiles, suiteFolder } from './suites.ts'

interface ExpectedPart {
  readonly Type?: string | undefined
  readonly Encoding?: string | undefined
  readonly Charset?: string | undefined
  readonly Boundary?: string | undefined
  readonly Filename?: string | undefined
  readonly Size?: number | undefined
  /** Of the parser, which stands among the parts. */
  readonly Message?: string
}
const properties = ['Type', 'Encoding', 'Charset', 'Boundary', 'Filename', 'Size'] as const

/** What these references expect is made from the parts by an option of the suite's parser: uuencode, messages in place of their parts. */
const withOptions = ['uu-junk-extracted', 'uu-zeegee', 'ak-0696-replace']
/** Where we read otherwise: file, part and property. */
const differences: Readonly<Record<string, string>> = {
  'multi-digest Part_2_1 Type': '`text` without a subtype cannot be parsed: text/plain (RFC 2045 §5.2)',
  'multi-nested2 Part_5_1 Size': 'quoted-printable whose last line has no line end does not get one',
  'multi-weirdspace Part_1 Size': 'the body has 421 octets however it is counted, not 420',
}

/** A Perl hash of hashes, as JSON. */
function readReference(file: string): Readonly<Record<string, ExpectedPart>> {
  const json = readFileSync(file, 'latin1')
    .replaceAll(/^(\s*)"?(\w+)"?\s*=>/gm, '$1"$2":')
    .replaceAll(/\\x\{?([0-9a-f]+)\}?/gi, (_, hex: string) => `\\u${hex.padStart(4, '0')}`)
    .replaceAll(/\\([^"\\u])/g, '$1')
    .replaceAll(/qq\{([^}]*)\}/g, '"$1"')
    .replaceAll(/,(\s*\})/g, '$1')
  return JSON.parse(json)
}

/** `Msg`, `Part_1`, `Part_1_2`, … */
const nameOf = (part: MimePart, parts: readonly MimePart[]): string => {
  const places: number[] = []
  for (let child = part; child.parent >= 0; ) {
    const parent = parts[child.parent]
    if (!parent) break
    places.unshift(parent.children.indexOf(child) + 1)
    child = parent
  }
  return places.length === 0 ? 'Msg' : `Part_${places.join('_')}`
}

/** The suite counts line ends now as one octet, now as two. */
function sizeOf(bytes: Uint8Array, expected: number | undefined): number {
  return bytes.byteLength === expected ? expected : latin1(bytes).replaceAll('\r\n', '\n').length
}

test('MIME-tools: what each part is', { skip: skipWithoutSuites }, () => {
  const folder = suiteFolder('perl-mime-tools')
  const files = suiteFiles('perl-mime-tools', 'testmsgs/*.ref')
  assert.equal(files.length, 25)
  const found: string[] = []
  for (const file of files) {
    const base = basename(file, '.ref')
    if (withOptions.includes(base)) continue
    const { Parser: parser, ...expectedParts } = readReference(join(folder, file))
    const message = readMime(readFileSync(join(folder, parser?.Message ?? '')))
    const parts = new Map(message.parts.map((part) => [nameOf(part, message.parts), part]))
    for (const [name, expected] of Object.entries(expectedParts)) {
      const part = parts.get(name)
      assert.ok(part, `${file} ${name}`)
      const own: ExpectedPart = {
        Type: part.mediaType,
        Encoding: part.transferEncoding,
        Charset: part.parameters.get('charset'),
        Boundary: part.parameters.get('boundary'),
        Filename: part.fileName,
        Size: sizeOf(message.decoded(part), expected.Size),
      }
      for (const property of properties) {
        const wanted = expected[property]
        if (wanted === undefined || own[property] === wanted) continue
        const difference = `${base} ${name} ${property}`
        assert.ok(difference in differences, `${difference}: ${own[property]}, ${wanted} is expected`)
        found.push(difference)
      }
    }
  }
  assert.deepEqual(found.sort(), Object.keys(differences).sort())
})
