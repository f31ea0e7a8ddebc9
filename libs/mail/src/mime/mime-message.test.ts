import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MimeMessage } from './port.ts'
import { readMime } from './read-mime.ts'

const message = (fields: readonly string[], body: string): MimeMessage =>
  readMime(Buffer.from(`${fields.map((field) => `${field}\r\n`).join('')}\r\n${body}`, 'latin1'))

const base64 = 'Content-Transfer-Encoding: base64'
const quotedPrintable = 'Content-Transfer-Encoding: quoted-printable'
const utf8 = 'Content-Type: text/plain; charset=utf-8'

test('bodies are decoded once, and kept', () => {
  for (const [fields, body] of [
    [[base64], 'w6Q='],
    [[quotedPrintable], '=C3=A4'],
    [['Content-Transfer-Encoding: 8bit'], '\xc3\xa4'],
    [['Content-Transfer-Encoding: x-unknown'], '\xc3\xa4'],
  ] as const) {
    const mime = message([utf8, ...fields], body)
    const bytes = mime.decoded(mime.root)
    assert.deepEqual(Buffer.from(bytes), Buffer.from('ä'))
    assert.equal(mime.decoded(mime.root), bytes)
    assert.equal(mime.decoded(mime.root, 2), bytes)
    assert.equal(mime.text(mime.root), 'ä')
  }
})

test('what was decoded in part is decoded again where more is asked for', () => {
  for (const fields of [[base64], [quotedPrintable], []]) {
    const text = 'abcdefghij'.repeat(10)
    const mime = message([utf8, ...fields], fields[0] === base64 ? Buffer.from(text).toString('base64') : text)
    for (const length of [0, 3, 50, 20, 99, 100, 200]) {
      assert.equal(Buffer.from(mime.decoded(mime.root, length)).toString(), text.slice(0, length))
      assert.equal(mime.text(mime.root, length), text.slice(0, length))
    }
    assert.equal(mime.text(mime.root), text)
    assert.deepEqual(mime.root.faults, [])
  }
})

test('text is cut between characters', () => {
  const mime = message([utf8, base64], Buffer.from('a💩b').toString('base64'))
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((length) => mime.text(mime.root, length)),
    ['', 'a', 'a', 'a💩', 'a💩b'],
  )
  for (const odd of [-1, Number.NaN]) {
    assert.equal(mime.text(mime.root, odd), '')
    assert.equal(mime.decoded(mime.root, odd).byteLength, 0)
  }
  assert.equal(mime.text(mime.root, 1.5), 'a')
})

test('faults of decoding are told when it was decoded', () => {
  for (const [fields, body, fault] of [
    [[base64], 'a!b', 'base64-malformed'],
    [[quotedPrintable], 'a=b', 'quoted-printable-malformed'],
    [['Content-Transfer-Encoding: 8bit', utf8], '\xe4', 'charset-mismatch'],
  ] as const) {
    const mime = message(fields, body)
    assert.deepEqual(mime.root.faults, [])
    mime.text(mime.root)
    mime.text(mime.root)
    assert.deepEqual(mime.root.faults, [fault])
  }
})

test('a composite is what it is made of', () => {
  const mime = message(['Content-Type: multipart/mixed; boundary=b', base64], '--b\r\n\r\nx\r\n--b--\r\n')
  assert.equal(Buffer.from(mime.decoded(mime.root)).toString(), '--b\r\n\r\nx\r\n--b--\r\n')
  assert.equal(mime.text(mime.root, 3), '--b')
})

test('a part of another message has no body here', () => {
  const [one, other] = [message([], 'one'), message([], 'other')]
  assert.equal(one.text(other.root), '')
  assert.equal(one.decoded(other.root).byteLength, 0)
})

test('identity bodies are views of the content', () => {
  const mime = message([], 'body')
  assert.equal(mime.decoded(mime.root).buffer, mime.content.buffer)
})
