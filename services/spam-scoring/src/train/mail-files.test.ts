import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { mailingOf } from './learn.ts'
import { messagesAt, messagesIn } from './mail-files.ts'

const texts = (messages: Iterable<Uint8Array>): string[] => [...messages].map((message) => Buffer.from(message).toString('latin1'))

test('messages of a file', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['empty', '', []],
    ['one message', 'From: a@b.example\n\nHello\n', ['From: a@b.example\n\nHello\n']],
    ['one message with From in it', 'Subject: x\n\n\nFrom here on\n', ['Subject: x\n\n\nFrom here on\n']],
    ['mbox', 'From a Thu\nSubject: 1\n\none\n\nFrom b Fri\nSubject: 2\n\ntwo\n', ['Subject: 1\n\none\n\n', 'Subject: 2\n\ntwo\n']],
    [
      'mbox with CRLF',
      'From a\r\nA: 1\r\n\r\none\r\n\r\nFrom b\r\nA: 2\r\n\r\ntwo\r\n',
      ['A: 1\r\n\r\none\r\n\r\n', 'A: 2\r\n\r\ntwo\r\n'],
    ],
    ['From within a paragraph', 'From a\nA: 1\n\none\nFrom two\nthree\n', ['A: 1\n\none\nFrom two\nthree\n']],
    ['mbox of nothing', 'From a', []],
  ]
  for (const [name, file, expected] of cases) assert.deepEqual(texts(messagesIn(Buffer.from(file))), expected, name)
})

test('a folder is read with its folders, in the order of names, without hidden files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mail-files-'))
  try {
    mkdirSync(join(folder, 'cur'))
    writeFileSync(join(folder, 'cur', '2'), 'A: 2\n\n')
    writeFileSync(join(folder, 'cur', '1'), 'A: 1\n\n')
    writeFileSync(join(folder, 'z.mbox'), 'From a\nA: 3\n\nFrom b\nA: 4\n')
    writeFileSync(join(folder, '.hidden'), 'A: 5\n\n')
    assert.deepEqual(texts(messagesAt(folder)), ['A: 1\n\n', 'A: 2\n\n', 'A: 3\n\n', 'A: 4\n'])
    assert.deepEqual(texts(messagesAt(join(folder, 'cur', '2'))), ['A: 2\n\n'])
    assert.throws(() => [...messagesAt(join(folder, 'absent'))], /ENOENT/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('what one template made is one group', () => {
  const mail = (subject: string): Uint8Array => Buffer.from(`From: Shop <shop@a.example>\r\nSubject: ${subject}\r\n\r\nx\r\n`)
  assert.equal(mailingOf(mail('Your order 123')), mailingOf(mail('Your order 98-7')))
  assert.notEqual(mailingOf(mail('Your order 123')), mailingOf(mail('Your invoice 123')))
})
