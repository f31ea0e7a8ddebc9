/** Every file of every MIME suite, whole and cut: it is read, its parts lie within each other, and its bodies can be decoded. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type MimeMessage, type MimePart, readMime } from '@sallyport/mail'
import { skipWithoutSuites, suiteFiles, suiteFolder } from './suites.ts'

function assertNested(message: MimeMessage, file: string): void {
  const seen: MimePart[] = []
  const visit = (part: MimePart, parent: MimePart | undefined): void => {
    assert.equal(part.index, seen.length, file)
    assert.equal(part.parent, parent?.index ?? -1, file)
    assert.equal(part.depth, parent ? parent.depth + 1 : 0, file)
    assert.ok(part.bodyStart <= part.bodyEnd, file)
    assert.ok(part.bodyStart >= (parent?.bodyStart ?? 0) && part.bodyEnd <= (parent?.bodyEnd ?? message.content.byteLength), file)
    const before = parent?.children[parent.children.indexOf(part) - 1]
    assert.ok(!before || before.bodyEnd <= part.bodyStart, file)
    assert.equal(new Set(part.faults).size, part.faults.length, file)
    seen.push(part)
    for (const child of part.children) visit(child, part)
  }
  visit(message.root, undefined)
  assert.deepEqual(seen, message.parts, file)
}

test('every file of the MIME suites', { skip: skipWithoutSuites }, () => {
  const files = suiteFiles('', '**/*').filter((file) => !/\.(?:json|xml|out|ref|class|java)$/.test(file))
  let read = 0
  let partCount = 0
  for (const file of files) {
    let bytes: Buffer
    try {
      bytes = readFileSync(join(suiteFolder(), file))
    } catch {
      // A folder.
      continue
    }
    read++
    for (const content of [bytes, bytes.subarray(0, bytes.byteLength >> 1)]) {
      const message = readMime(content, { contentBytes: bytes.byteLength })
      assert.equal(message.isCut, content.byteLength < bytes.byteLength, file)
      assertNested(message, file)
      partCount += message.parts.length
      for (const part of message.parts) {
        const decoded = message.decoded(part)
        assert.ok(decoded.byteLength <= part.bodyEnd - part.bodyStart, file)
        assert.equal(message.decoded(part), decoded, file)
        assert.ok(message.decoded(part, 10).byteLength <= 10, file)
        const text = message.text(part)
        assert.ok(text.isWellFormed(), file)
        assert.ok(text.startsWith(message.text(part, 10)), file)
      }
    }
  }
  assert.ok(read > 1_000, String(read))
  assert.ok(partCount > 2 * read, String(partCount))
})
