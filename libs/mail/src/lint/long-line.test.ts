import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findLongLine, lineNumberAt } from './long-line.ts'

test('finds the first line that is too long, as a search line by line does', () => {
  const line = fc.tuple(fc.integer({ min: 0, max: 25 }), fc.constantFrom('\r\n', '\r\n', '\n'))
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), fc.integer({ min: 5, max: 20 }), (lines, isOpen, limit) => {
      const whole = lines.map(([length, end]) => 'a'.repeat(length) + end).join('')
      const text = isOpen ? whole.trimEnd() : whole
      const found = findLongLine(Buffer.from(text), 0, text.length, limit)
      let start = 0
      for (const written of text.split('\n')) {
        const octets = written.replace(/\r$/, '').length
        // A bare LF leaves one octet of grace: the place of its CR.
        if (octets > limit + 1) {
          assert.ok(found && found.start <= start)
          break
        }
        start += written.length + 1
      }
      if (found) {
        assert.ok(found.octets > limit)
        assert.equal(text.slice(found.start, found.start + found.octets), 'a'.repeat(found.octets))
        assert.ok(found.start === 0 || text[found.start - 1] === '\n')
      }
    }),
  )
})

test('looks between the offsets only', () => {
  const bytes = Buffer.from(`${'a'.repeat(20)}\r\nb\r\n${'c'.repeat(20)}`)
  assert.equal(findLongLine(bytes, 22, 25, 10), undefined)
  assert.deepEqual(findLongLine(bytes, 22, bytes.length, 10), { octets: 20, start: 25 })
  assert.equal(lineNumberAt(bytes, 22, 25), 2)
})
