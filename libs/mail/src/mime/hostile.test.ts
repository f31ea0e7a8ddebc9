/** Messages made to exhaust time or memory. Steps that grew with the square of their size would meet the test's time limit. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MimeFault, MimeMessage } from './port.ts'
import { readMime } from './read-mime.ts'

/** Never half a unit at the end. */
const megabytes = (count: number, of: string): Buffer =>
  Buffer.alloc(count * 1_000_000 - ((count * 1_000_000) % of.length), of, 'latin1')
const repeat = (count: number, make: (place: number) => string): string =>
  Array.from({ length: count }, (_, place) => make(place)).join('')
const mixed = (boundary: string): string => `Content-Type: multipart/mixed; boundary="${boundary}"\n\n`
const allFaults = (message: MimeMessage): readonly MimeFault[] => [...new Set(message.parts.flatMap((part) => part.faults))]

interface Case {
  readonly name: string
  readonly content: () => Buffer
  readonly partCount: number
  readonly faults: readonly MimeFault[]
}

const cases: readonly Case[] = [
  {
    name: '900 levels of multiparts',
    content: () => Buffer.from(repeat(900, (level) => `${mixed(`b${level}`)}--b${level}\n`)),
    partCount: 101,
    faults: ['multipart-not-closed', 'too-deep'],
  },
  {
    name: '900 levels of messages',
    content: () => Buffer.from('Content-Type: message/rfc822\n\n'.repeat(900)),
    partCount: 101,
    faults: ['too-deep'],
  },
  {
    name: '10,000 parts',
    content: () => Buffer.from(`${mixed('b')}${'--b\n\nx\n'.repeat(10_000)}--b--\n`),
    partCount: 1_000,
    faults: ['too-many-parts'],
  },
  {
    name: '100 MB of text',
    content: () => Buffer.concat([Buffer.from(`${mixed('b')}--b\n\n`), megabytes(100, 'lorem ipsum dolor sit amet\n')]),
    partCount: 2,
    faults: ['multipart-not-closed'],
  },
  {
    name: '10 MB of lines that are nearly a delimiter',
    content: () => Buffer.concat([Buffer.from(`${mixed('bc')}--bc\n\n`), megabytes(10, '--bd\n')]),
    partCount: 2,
    faults: ['multipart-not-closed'],
  },
  {
    name: 'a line of 50 MB that begins as a delimiter',
    content: () => Buffer.concat([Buffer.from(`${mixed('b')}--b\n\n--b`), megabytes(50, 'b')]),
    partCount: 2,
    faults: ['multipart-not-closed'],
  },
  {
    name: '99 open boundaries that begin each other, and 20 MB of lines that begin like all of them',
    content: () =>
      Buffer.concat([
        Buffer.from(repeat(99, (level) => `${mixed('a'.repeat(99 - level))}--${'a'.repeat(99 - level)}\n`)),
        megabytes(20, `\n--${'a'.repeat(120)}`),
      ]),
    partCount: 100,
    faults: ['boundary-malformed', 'multipart-not-closed'],
  },
  {
    name: 'a header of 64 KiB for each of 999 parts, of one field',
    content: () => Buffer.from(mixed('b') + `--b\na: ${'x'.repeat(65_000)}\n\nx\n`.repeat(999)),
    partCount: 1_000,
    faults: ['multipart-not-closed'],
  },
  {
    name: 'a header of 64 KiB for each of 1,000 parts, of the shortest fields',
    content: () => Buffer.from(mixed('b') + `--b\n${'a:\n'.repeat(21_000)}\nx\n`.repeat(1_000)),
    partCount: 11,
    faults: ['too-many-parts', 'header-malformed'],
  },
  {
    name: 'headers that no empty line ends',
    content: () => Buffer.concat([Buffer.from(`${mixed('b')}--b\n`), megabytes(20, 'a: b\n')]),
    partCount: 2,
    faults: ['multipart-not-closed', 'header-malformed'],
  },
  {
    name: 'a million parameters',
    content: () => Buffer.from(`Content-Type: text/plain${';a=b'.repeat(1_000_000)}\n\nx`),
    partCount: 1,
    faults: ['header-malformed'],
  },
  {
    name: 'parameters of all shapes in 999 parts',
    content: () =>
      Buffer.from(mixed('b') + `--b\nContent-Type: text/plain${';a=b c '.repeat(1_000)}${'((()'.repeat(2_000)}\n\nx\n`.repeat(999)),
    partCount: 1_000,
    faults: ['multipart-not-closed'],
  },
]

for (const { name, content, partCount, faults } of cases) {
  test(name, () => {
    const message = readMime(content())
    assert.equal(message.parts.length, partCount)
    assert.deepEqual(allFaults(message), faults)
  })
}

const bodies: readonly (readonly [encoding: string, unit: string, decodedBytes: number, fault?: MimeFault])[] = [
  ['base64', 'YWJj', 7_500_000],
  ['base64', 'YQ==', 2_500_000, 'base64-malformed'],
  ['base64', 'YWJj!', 6_000_000, 'base64-malformed'],
  ['base64', '=', 0, 'base64-malformed'],
  ['quoted-printable', '=\n', 0],
  ['quoted-printable', '= ', 9_999_998, 'quoted-printable-malformed'],
  ['quoted-printable', ' \t\n', 3_333_333],
]

for (const [encoding, unit, decodedBytes, fault] of bodies) {
  test(`10 MB of ${encoding} ${JSON.stringify(unit)}`, () => {
    const message = readMime(Buffer.concat([Buffer.from(`Content-Transfer-Encoding: ${encoding}\n\n`), megabytes(10, unit)]))
    assert.equal(message.decoded(message.root, 1_000).byteLength, Math.min(1_000, decodedBytes))
    assert.equal(message.decoded(message.root).byteLength, decodedBytes)
    assert.deepEqual(message.root.faults, fault ? [fault] : [])
  })
}
