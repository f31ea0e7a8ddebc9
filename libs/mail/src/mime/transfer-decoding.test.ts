import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeBase64, decodeQuotedPrintable } from './transfer-decoding.ts'

type Case = readonly [encoded: string, decoded: string, faultCount: number]

const base64Cases: readonly Case[] = [
  ['', '', 0],
  ['YWJj', 'abc', 0],
  ['YWI=', 'ab', 0],
  ['YQ==', 'a', 0],
  ['YW\r\nJj\r\n\r\n \tYQ= =\r\n', 'abca', 0],
  // No padding, too much of it, none where it is.
  ['YWI', 'ab', 1],
  ['YQ', 'a', 1],
  ['YQ=', 'a', 1],
  ['YQ===', 'a', 1],
  ['YWJj=', 'abc', 1],
  ['YWJjZ', 'abc', 1],
  ['=', '', 1],
  // What is no digit is skipped.
  ['YW!J#j', 'abc', 2],
  ['YWJj\0', 'abc', 1],
  ['YWJ\xe4j', 'abc', 1],
  ['-_-_', '', 4],
  // Glued pieces, and text behind the end.
  ['YQ==\r\nYWI=\r\nYWJj', 'aababc', 2],
  ['YQ==\r\n-- \r\nThe list', 'a', 1],
  ['YQ==\r\nThe list, again', 'a', 1],
]

for (const [encoded, decoded, faultCount] of base64Cases) {
  test(`base64 ${JSON.stringify(encoded)}`, () => {
    const read = decodeBase64(Buffer.from(encoded, 'latin1'), false)
    assert.equal(Buffer.from(read.bytes).toString('latin1'), decoded)
    assert.equal(read.faultCount, faultCount)
    assert.equal(read.isWhole, true)
  })
}

const quotedPrintableCases: readonly Case[] = [
  ['', '', 0],
  ['plain', 'plain', 0],
  ['=E4=c3=3D', 'ä\xc3=', 0],
  // Soft line breaks, with white space (RFC 2045 §6.7 rule 3), at the end, and before bare line ends.
  ['so=\r\nft', 'soft', 0],
  ['so= \t\r\nft', 'soft', 0],
  ['so=\nft', 'soft', 0],
  ['soft=', 'soft', 0],
  ['soft= ', 'soft', 0],
  ['soft=\r', 'soft', 0],
  // White space at the end of a line is the transport's, unless it was escaped.
  ['a \t\r\nb \nc ', 'a\r\nb\nc', 0],
  ['a =20\r\nb=09 \r\n', 'a  \r\nb\t\r\n', 0],
  ['a =\r\n \r\n', 'a \r\n', 0],
  ['a\rb\r', 'a\rb\r', 0],
  // An `=` that begins nothing.
  ['1=2', '1=2', 1],
  ['a=G0=0G', 'a=G0=0G', 2],
  ['====', '===', 3],
  ['a=4', 'a=4', 1],
  ['\xe4=E4', 'ää', 0],
]

for (const [encoded, decoded, faultCount] of quotedPrintableCases) {
  test(`quoted-printable ${JSON.stringify(encoded)}`, () => {
    const read = decodeQuotedPrintable(Buffer.from(encoded, 'latin1'), false)
    assert.equal(Buffer.from(read.bytes).toString('latin1'), decoded)
    assert.equal(read.faultCount, faultCount)
    assert.equal(read.isWhole, true)
  })
}

test('what is missing at the end is no fault where the end is missing', () => {
  for (const encoded of ['YWJjY', 'YWJjYW', 'YWJjYW='])
    assert.equal(decodeBase64(Buffer.from(encoded), true).faultCount, 0, encoded)
  for (const encoded of ['a=', 'a=4', 'a= ']) assert.equal(decodeQuotedPrintable(Buffer.from(encoded), true).faultCount, 0, encoded)
})

test('no more is decoded than was asked for', () => {
  for (let maxBytes = 0; maxBytes < 8; maxBytes++) {
    for (const encoded of ['YWJjZGVm', 'YWJj!ZGVm']) {
      const { bytes, isWhole } = decodeBase64(Buffer.from(encoded), false, maxBytes)
      assert.equal(Buffer.from(bytes).toString(), 'abcdef'.slice(0, maxBytes))
      assert.equal(isWhole, maxBytes >= 6)
    }
    const { bytes, isWhole } = decodeQuotedPrintable(Buffer.from('=61=62=63=64=65=66'), false, maxBytes)
    assert.equal(Buffer.from(bytes).toString(), 'abcdef'.slice(0, maxBytes))
    assert.equal(isWhole, maxBytes >= 6)
  }
})
