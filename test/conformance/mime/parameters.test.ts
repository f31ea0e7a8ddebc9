/** Against the parameter tables of Angus Mail (EPL-2.0 OR BSD-3-Clause): RFC 2231, and values found unquoted. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readMime } from '@sallyport/mail'
import { skipWithoutSuites, suiteFolder } from './suites.ts'

/** Where we read otherwise, by the value: what stands behind a gap is dropped, as readers do, not a parameter with a star in its name. */
const gap = /title\*3/

test('Angus Mail: parameters', { skip: skipWithoutSuites }, () => {
  let same = 0
  let different = 0
  for (const file of ['paramdata', 'paramdatanostrict']) {
    const folder = suiteFolder('angus-mail/providers/angus-mail/src/test/resources/org/eclipse/angus/mail/util')
    const text = readFileSync(join(folder, file), 'utf8')
    const table = text.slice(text.indexOf('From start here'))
    for (const [, field = '', count, lines = ''] of table.matchAll(/(Content-Type:[\s\S]*?\n)Expect: (\d+)((?:\n\t.*)*)/g)) {
      const expected = lines
        .split('\n\t')
        .slice(1)
        .map((line) => line.replace(/\\u([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))))
      assert.equal(expected.length, Number(count), field)
      const { parameters } = readMime(Buffer.from(`${field}\n`)).root
      const own = Array.from(parameters, ([name, value]) => `${name}=${value}`)
      if (gap.test(field)) different++
      else {
        assert.deepEqual(own.sort(), expected.sort(), field)
        same++
      }
    }
  }
  assert.deepEqual({ same, different }, { same: 19, different: 4 })
})
