import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHeaderBlock } from './header-block.ts'
import { isAutomatic } from './is-automatic.ts'

const rows: readonly (readonly [header: string, sender: string | undefined, expected: boolean])[] = [
  ['Subject: x', 'a@x', false],
  ['Subject: x', undefined, false],
  ['Subject: x', '', true],
  ['Auto-Submitted: no', 'a@x', false],
  ['Auto-Submitted: NO (really)', 'a@x', false],
  ['Auto-Submitted: no; x=y', 'a@x', false],
  ['Auto-Submitted: auto-replied', 'a@x', true],
  ['Auto-Submitted: auto-generated; x=y', 'a@x', true],
  ['Auto-Submitted: nonsense', 'a@x', true],
  ['Precedence: bulk', 'a@x', true],
  ['precedence: Junk', 'a@x', true],
  ['Precedence: list', 'a@x', true],
  ['Precedence: first-class', 'a@x', false],
  ['List-Id: <l.x.example>', 'a@x', true],
]

for (const [header, sender, expected] of rows) {
  test(`${header} from ${sender}`, () =>
    assert.equal(isAutomatic(readHeaderBlock(Buffer.from(`${header}\r\n\r\n`)), sender), expected))
}
