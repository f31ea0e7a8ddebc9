import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldValue, type MimePart, parseMime } from './mime-tree.ts'
import { kinds } from './transactional/template.ts'
import { languages } from './transactional/vocabulary.ts'
import { type TransactionalExample, templates, transactional } from './transactional.ts'

const many = [...transactional('training', 3000)]
const some = many.slice(0, 600)
const measuring = [...transactional('measuring', 600)]
const text = ({ bytes }: TransactionalExample) => Buffer.from(bytes).toString('latin1')
const leaves = (part: MimePart): readonly MimePart[] => (part.children.length === 0 ? [part] : part.children.flatMap(leaves))

test('3,000 are 3,000 different messages, and the same again', () => {
  assert.equal(new Set(many.map(({ id }) => id)).size, 3000)
  assert.deepEqual(
    [...transactional('training', 60)].map(({ id }) => id),
    many.slice(0, 60).map(({ id }) => id),
  )
  assert.notEqual([...transactional('training', 1, 2)][0]?.id, many[0]?.id)
})

test('every language has every kind, in both sets', () => {
  for (const examples of [some, measuring]) {
    const found = new Set(examples.map(({ group, kind }) => `${group} ${kind}`))
    assert.equal(found.size, languages.length * kinds.length)
  }
})

test('the two sets share no template, no subject and no sentence', () => {
  for (const language of languages) {
    const sentences = (set: 'training' | 'measuring') =>
      new Set(
        templates[set][language].flatMap(({ subject, text: body }) =>
          [subject, ...body.split(/\n|(?<=[.!?。:]) /)].map((line) => line.trim()).filter((line) => line.length > 25),
        ),
      )
    const shared = [...sentences('training')].filter((sentence) => sentences('measuring').has(sentence))
    assert.deepEqual(shared, [], language)
  }
})

test('no brace of a template is left in a subject or text', () => {
  for (const example of [...some, ...measuring]) {
    const message = parseMime(text(example))
    for (const leaf of leaves(message)) {
      if (fieldValue(leaf.fields, 'content-type').startsWith('text/plain')) assert.doesNotMatch(decoded(leaf), /[{}]|\[\[|\]\]/)
    }
  }
})

test('every message is well built: fields once, CRLF, lines below 999 octets, ASCII header, known leaf types', () => {
  for (const example of [...some, ...measuring]) {
    const whole = text(example)
    assert.doesNotMatch(whole, /(?<!\r)\n|\r(?!\n)/)
    assert.ok(whole.split('\r\n').every((line) => line.length <= 998))
    const message = parseMime(whole)
    for (const name of ['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type']) {
      assert.equal(message.fields.filter((field) => field.toLowerCase().startsWith(`${name}:`)).length, 1, name)
    }
    assert.match(message.fields.join(''), /^\p{ASCII}+$/u)
    assert.ok(!Number.isNaN(Date.parse(fieldValue(message.fields, 'date'))))
    for (const leaf of leaves(message))
      assert.match(fieldValue(leaf.fields, 'content-type'), /^(text\/(plain|html|calendar)|image\/png|application\/pdf)/)
  }
})

test('structures and encodings of all sorts occur', () => {
  const all = some.map(text).join('\n')
  for (const part of [
    'multipart/alternative',
    'multipart/related',
    'multipart/mixed',
    'application/pdf',
    'text/calendar; method=REQUEST',
    'Content-ID: <logo',
  ]) {
    assert.ok(all.includes(part), part)
  }
  for (const encoding of ['base64', 'quoted-printable', '8bit', '7bit'])
    assert.ok(all.includes(`Content-Transfer-Encoding: ${encoding}`), encoding)
  for (const field of ['=?UTF-8?B?', '=?UTF-8?Q?', 'List-Unsubscribe-Post', 'Auto-Submitted', 'iso-8859-1'])
    assert.ok(all.toLowerCase().includes(field.toLowerCase()), field)
})

test('attached files are what they say', () => {
  for (const example of some) {
    for (const leaf of leaves(parseMime(text(example)))) {
      const type = fieldValue(leaf.fields, 'content-type')
      const octets = Buffer.from(leaf.body, 'base64')
      if (type.startsWith('application/pdf')) assert.match(octets.toString('latin1'), /^%PDF-1\.4[\s\S]*startxref\n\d+\n%%EOF\n$/)
      if (type.startsWith('image/png')) assert.equal(octets.toString('latin1', 1, 4), 'PNG')
    }
  }
})

function decoded(leaf: MimePart): string {
  const encoding = fieldValue(leaf.fields, 'content-transfer-encoding')
  if (encoding === 'base64') return Buffer.from(leaf.body, 'base64').toString()
  return leaf.body.replace(/=\r\n/g, '')
}
