import assert from 'node:assert/strict'
import { test } from 'node:test'
import { line, progress } from './progress.ts'

for (const [done, total, shown] of [
  [0, 4, 'events: [..............................] 0 of 4'],
  [1, 4, 'events: [########......................] 1 of 4'],
  [4, 4, 'events: [##############################] 4 of 4'],
  // More than was expected came.
  [9, 4, 'events: [##############################] 9 of 4'],
  [7, undefined, 'events: 7'],
  [0, 0, 'events: 0'],
] as const) {
  test(`${done} of ${total}`, () => assert.equal(line('events', done, total), shown))
}

function played(isTTY: boolean): string {
  let written = ''
  const bar = progress({ isTTY, write: (text) => (written += text) }, 'events', 3)
  for (const done of [1, 2, 3]) bar.at(done)
  bar.end()
  return written
}

test('a terminal shows the first step, not more than it can draw, the last step, and nothing in the end', () => {
  const steps = played(true).split('\r\x1b[K')
  assert.deepEqual([steps[0], steps.at(-1)], ['', ''])
  assert.match(steps.at(-2) ?? '', /3 of 3$/)
  assert.ok(steps.length <= 5)
})

test('a program that reads along sees nothing', () => assert.equal(played(false), ''))
