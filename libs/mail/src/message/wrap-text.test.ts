import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wrapText } from './wrap-text.ts'

test('lines are short, words stay whole, paragraphs stay apart', () => {
  const link = `https://example.com/${'x'.repeat(90)}`
  assert.equal(wrapText(`${'word '.repeat(16)}${link} end`, '  '), `  ${'word '.repeat(14)}word\n  word\n  ${link}\n  end`)
  assert.equal(wrapText('a\n\nb'), 'a\n\nb')
})
