/**
 * How far we agree with the published suites of isemail (BSD-3-Clause), flanker (Apache-2.0) and mail-parser (Apache-2.0 OR MIT), and
 * where we differ on purpose.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { maxHeaderBytes } from '@sallyport/contracts'
import { findHeaderEnd, headerValues, readHeaderBlock } from '../header/header-block.ts'
import { headerIdentities } from '../header/identities.ts'
import { parseAddressList } from './address-list.ts'
import { parseMailbox } from './mailbox.ts'

const archive = new URL('../../../../../shared/corpus/suites.tar.xz', import.meta.url).pathname
const skip = existsSync(archive) ? false : 'shared/corpus is absent'

/** isemail tests where an envelope address is judged otherwise than by the suite. */
const envelopeDifferences: Readonly<Record<number, string>> = {
  23: 'a domain that ends in digits only is an IPv4 address to every resolver and URL parser',
  24: 'an IPv4 address without brackets is no domain',
  71: '`::` for a single group is read, as RFC 4291 does',
}
/** isemail tests where a header address is judged otherwise than by the suite. */
const headerDifferences: Readonly<Record<number, string>> = {
  23: envelopeDifferences[23] ?? '',
  24: envelopeDifferences[24] ?? '',
  26: 'RFC 5322 has no length limits, and some software puts long keys into Reply-To',
  39: 'RFC 5322 has no length limits, and some software puts long keys into Reply-To',
  59: 'RFC 5322 has no length limits, and some software puts long keys into Reply-To',
  60: 'RFC 5322 has no length limits, and some software puts long keys into Reply-To',
  58: 'control characters are never part of an address',
  124: 'control characters are never part of an address',
  125: 'control characters are never part of an address',
  126: 'control characters in a comment are a fault',
  134: 'control characters are never part of an address',
  138: 'control characters are never part of an address',
  139: 'control characters are never part of an address',
  140: 'control characters in a comment are a fault',
  160: 'RFC 6532 lets a quoted-pair be beyond ASCII',
}
/** flanker's mailboxes that are judged otherwise than by the suite: first words of the line, why. */
const flankerDifferences: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'mailbox_valid.txt': {
    'Bill Gates <"billy"@retired.Micr!osoft99.com>': 'no host has an exclamation mark in its name (RFC 5321 §4.1.2)',
    'first.last@example.123': envelopeDifferences[23] ?? '',
    'test@123.123.123.123': envelopeDifferences[24] ?? '',
    'foobar@192.168.0.1': envelopeDifferences[24] ?? '',
  },
  'mailbox_invalid.txt': {
    'partially."quoted"@sld.com': 'RFC 5322 §4.4 is read, and told',
    '012345678901234567890123456789012345678901234567': headerDifferences[26] ?? '',
    'first."".last@iana.org': 'RFC 5322 §4.4 is read, and told',
    '"foo"(yay)@(hoopla)[1.2.3.4]': 'comments may stand around both parts (RFC 5322 §3.4.1)',
  },
}

const envelopeCategories = ['ISEMAIL_VALID_CATEGORY', 'ISEMAIL_DNSWARN', 'ISEMAIL_RFC5321']
const headerCategories = [...envelopeCategories, 'ISEMAIL_CFWS', 'ISEMAIL_DEPREC']

const isHeaderMailbox = (text: string): boolean => {
  const { mailboxes, faults } = parseAddressList(text)
  return mailboxes.length === 1 && faults.every((fault) => fault.code === 'obsolete-syntax')
}

test('isemail and flanker', { skip }, async (suite) => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-suites-'))
  suite.after(() => rmSync(folder, { recursive: true, force: true }))
  const unpacked = spawnSync('tar', ['-xJf', archive, '-C', folder, 'suites/address', 'suites/mime'], { encoding: 'utf8' })
  assert.equal(unpacked.status, 0, unpacked.stderr)
  const read = (path: string): string => readFileSync(join(folder, 'suites', path), 'utf8')

  await suite.test('isemail: envelope addresses', (t) => {
    const differing = isemailTests(read('address/isemail/tests.xml'), (text) => parseMailbox(text).ok, envelopeCategories)
    t.diagnostic(`${differing.total - differing.ids.length} of ${differing.total} agree`)
    assert.deepEqual(differing.ids, idsOf(envelopeDifferences))
  })

  await suite.test('isemail: header addresses', (t) => {
    const differing = isemailTests(read('address/isemail/tests.xml'), isHeaderMailbox, headerCategories)
    t.diagnostic(`${differing.total - differing.ids.length} of ${differing.total} agree`)
    assert.deepEqual(differing.ids, idsOf(headerDifferences))
  })

  for (const [file, expected] of [
    ['mailbox_valid.txt', true],
    ['mailbox_invalid.txt', false],
  ] as const) {
    await suite.test(`flanker: ${file}`, (t) => {
      const lines = read(`address/flanker/${file}`)
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
      const differing = lines.filter((line) => isHeaderMailbox(line) !== expected)
      t.diagnostic(`${lines.length - differing.length} of ${lines.length} agree`)
      assert.ok(lines.length > 80)
      assert.deepEqual(
        differing.map((line) => line.slice(0, 48)),
        Object.keys(flankerDifferences[file] ?? {}).map((line) => line.slice(0, 48)),
      )
    })
  }

  await suite.test('mail-parser: what is read otherwise is told as a fault', (t) => {
    const cases: unknown = JSON.parse(read('mime/stalwart-mail-parser/address.json'))
    assert.ok(Array.isArray(cases) && cases.length >= 60)
    let agreeing = 0
    for (const { header, expected } of cases) {
      const value = String(header)
        .trim()
        .replace(/\r?\n(?=[ \t])/g, '')
      const { mailboxes, faults } = parseAddressList(value)
      const ours = mailboxes.map((mailbox) => mailbox.address.toLowerCase())
      if (JSON.stringify(ours) === JSON.stringify(addressesIn(expected))) agreeing++
      else assert.notEqual(faults.length, 0, value)
    }
    t.diagnostic(`${agreeing} of ${cases.length} agree`)
    assert.ok(agreeing >= 45)
  })

  await suite.test('every message of the suites is read', (t) => {
    const files = readdirSync(join(folder, 'suites/mime'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    for (const file of files) {
      const bytes = readFileSync(join(file.parentPath, file.name))
      const block = readHeaderBlock(bytes)
      const identities = headerIdentities(block)
      const end = findHeaderEnd(bytes.subarray(0, maxHeaderBytes))
      if (end !== -1 && !block.faults.includes('too-long')) assert.equal(block.headerBytes, end, file.name)
      assert.equal(identities.fromFieldCount, headerValues(block, 'from').length)
    }
    t.diagnostic(`${files.length} messages`)
    assert.ok(files.length > 1_500)
  })
})

/** The addresses anywhere in an expected parse, in order. */
function addressesIn(expected: unknown): string[] {
  if (Array.isArray(expected)) return expected.flatMap(addressesIn)
  if (typeof expected !== 'object' || expected === null) return []
  return Object.entries(expected).flatMap(([key, value]) =>
    key === 'address' && typeof value === 'string' ? [value.toLowerCase()] : addressesIn(value),
  )
}

const idsOf = (differences: Readonly<Record<number, string>>): number[] => Object.keys(differences).map(Number)

function isemailTests(
  xml: string,
  accepts: (text: string) => boolean,
  accepted: readonly string[],
): { total: number; ids: number[] } {
  const ids: number[] = []
  let total = 0
  for (const [, id, body = ''] of xml.matchAll(/<test id="(\d+)">([\s\S]*?)<\/test>/g)) {
    total++
    const address = decodeXml(/<address>([\s\S]*?)<\/address>/.exec(body)?.[1] ?? '')
    const category = /<category>(.*?)<\/category>/.exec(body)?.[1] ?? ''
    if (accepts(address) !== accepted.includes(category)) ids.push(Number(id))
  }
  assert.ok(total > 150)
  return { total, ids }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

/** The suite writes control characters as the symbols that stand for them. */
const decodeXml = (text: string): string =>
  text
    .replace(/&#x([0-9A-Fa-f]+);|&#([0-9]+);|&([a-z]+);/g, (_, hex?: string, decimal?: string, name?: string) =>
      name ? (entities[name] ?? '') : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
    )
    .replace(/[\u2400-\u2420]/g, (symbol) => String.fromCharCode(symbol.charCodeAt(0) - 0x2400))
