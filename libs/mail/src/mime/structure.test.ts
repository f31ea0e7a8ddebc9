import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brokenStructureCases } from './broken-structure.cases.ts'
import { faultsOf, outlineOf } from './outline.ts'
import { readMime } from './read-mime.ts'
import { structureCases } from './structure.cases.ts'

for (const { name, lines, outline, faults = [] } of [...structureCases, ...brokenStructureCases]) {
  for (const [lineEnd, lineEndName] of [
    ['\r\n', 'CRLF'],
    ['\n', 'LF'],
  ] as const) {
    test(`${name}, ${lineEndName}`, () => {
      const message = readMime(Buffer.from(lines.join(lineEnd), 'latin1'))
      assert.deepEqual(
        outlineOf(message),
        outline.map((line) => line.replaceAll('\\r\\n', JSON.stringify(lineEnd).slice(1, -1))),
      )
      assert.deepEqual(faultsOf(message), faults)
    })
  }
}
