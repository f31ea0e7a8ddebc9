import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageWith } from './rule-cases.ts'

test('fields are found by lower-case name, in order', () => {
  const { fields } = messageWith({ lines: 'X-A: 1\r\nx-a: 2\r\n' })
  assert.deepEqual(
    fields.get('x-a')?.map(({ value }) => value),
    ['1', '2'],
  )
  assert.equal(fields.get('X-A'), undefined)
})

test('what is derived is kept', () => {
  const input = messageWith({ lines: 'MIME-Version: 1.0\r\nContent-Type: text/html\r\n', body: '<p>Hello' })
  assert.equal(input.html?.visibleText, 'Hello')
  assert.equal(input.html, input.html)
  assert.equal(input.fields, input.fields)
  assert.equal(input.identities, input.identities)
  assert.equal(input.attachments, input.attachments)
  assert.equal(input.plainText, '')
})

test('the plain text is decoded', () => {
  const lines = 'Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n'
  const { plainText, html } = messageWith({ lines, body: 'gr=FCn' })
  assert.equal(plainText, 'grün')
  assert.equal(html, undefined)
})
