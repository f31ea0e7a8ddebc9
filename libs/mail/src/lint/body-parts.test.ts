import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMime } from '../mime/read-mime.ts'
import { bodyParts } from './body-parts.ts'

/** A part: its type (with parameters), and its fields and body or its parts. */
type Tree = readonly [type: string, inner?: string | readonly Tree[], fields?: string]

function write([type, inner = 'x', fields = '']: Tree, level: number): string {
  const more = fields === '' ? '' : `${fields}\r\n`
  if (typeof inner === 'string') return `Content-Type: ${type}\r\n${more}\r\n${inner}`
  const [only] = inner
  if (type === 'message/rfc822') return `Content-Type: ${type}\r\n${more}\r\n${only ? write(only, level + 1) : ''}`
  const parts = inner.map((part) => `--b${level}\r\n${write(part, level + 1)}\r\n`).join('')
  return `Content-Type: ${type}; boundary=b${level}\r\n${more}\r\n${parts}--b${level}--`
}

const plain: Tree = ['text/plain']
const html: Tree = ['text/html']
const pdf: Tree = ['application/pdf']
const png: Tree = ['image/png', 'x', 'Content-ID: <logo@x>']
const attached = 'Content-Disposition: attachment; filename=a.txt'

/** Indexes count the parts in depth-first order from 0. */
const rows: readonly (readonly [name: string, Tree, plain: number | undefined, html: number | undefined, attachments: number[]])[] =
  [
    ['a text', plain, 0, undefined, []],
    ['a page', html, undefined, 0, []],
    ['a file as the whole message', pdf, undefined, undefined, [0]],
    ['a text as an attachment', ['text/plain', 'x', attached], undefined, undefined, [0]],
    ['a named text as the whole message', ['text/plain; name=a.txt'], 0, undefined, []],
    ['alternatives', ['multipart/alternative', [plain, html]], 1, 2, []],
    ['alternatives with an invitation', ['multipart/alternative', [plain, html, ['text/calendar']]], 1, 2, [3]],
    ['two pages: the last is shown', ['multipart/alternative', [html, html]], undefined, 2, [1]],
    ['text and file', ['multipart/mixed', [plain, pdf]], 1, undefined, [2]],
    ['text and named text', ['multipart/mixed', [plain, ['text/html; name=a.html']]], 1, undefined, [2]],
    ['text and page without a name, both shown', ['multipart/mixed', [plain, html]], 1, 2, []],
    ['a footer of a list', ['multipart/mixed', [plain, plain]], 1, undefined, [2]],
    ['a page with pictures', ['multipart/related', [html, png, png]], undefined, 1, [2, 3]],
    [
      'a root that is not the first',
      ['multipart/related; start="<r@x>"', [png, ['text/html', 'x', 'Content-ID: <r@x>']]],
      undefined,
      2,
      [1],
    ],
    ['a start that is missing', ['multipart/related; start="<r@x>"', [html, png]], undefined, 1, [2]],
    [
      'all of them',
      ['multipart/mixed', [['multipart/alternative', [plain, ['multipart/related', [html, png]]]], pdf]],
      2,
      4,
      [5, 6],
    ],
    ['a signed text', ['multipart/signed', [plain, ['application/pgp-signature']]], 1, undefined, [2]],
    [
      'a forwarded message with a file',
      ['multipart/mixed', [plain, ['message/rfc822', [['multipart/mixed', [plain, pdf]]]]]],
      1,
      undefined,
      [2, 5],
    ],
    ['a forwarded message in pictures', ['multipart/related', [html, ['message/rfc822', [html]]]], undefined, 1, [2]],
  ]

for (const [name, tree, plainIndex, htmlIndex, attachments] of rows) {
  test(name, () => {
    const found = bodyParts(readMime(Buffer.from(`MIME-Version: 1.0\r\n${write(tree, 0)}\r\n`)).root)
    assert.deepEqual(
      [found.plain?.index, found.html?.index, found.attachments.map(({ index }) => index)],
      [plainIndex, htmlIndex, attachments],
    )
  })
}
