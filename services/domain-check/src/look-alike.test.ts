import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMixedScript, lookAlike } from './look-alike.ts'

const patterns = ['example.com', '*.mail.example', 'xn--bcher-kva.example', 'clinic.example']

const alike: readonly [string, string | undefined][] = [
  ['examp1e.com', 'example.com'],
  ['exarnple.com', 'example.com'],
  ['ехаmple.com', 'example.com'],
  ['exämple.com', 'example.com'],
  ['login.examp1e.com', 'example.com'],
  ['a.rnail.example', '*.mail.example'],
  ['bucher.example', 'xn--bcher-kva.example'],
  ['dinic.example', 'clinic.example'],
  ['example.com', undefined],
  ['www.example.com', undefined],
  ['example.org', undefined],
  ['com', undefined],
  ['partner.example', undefined],
]

for (const [domain, pattern] of alike) {
  test(`${domain} looks like ${pattern ?? 'none of them'}`, () => assert.equal(lookAlike(domain, patterns), pattern))
}

const mixed: readonly [string, boolean][] = [
  ['example.com', false],
  ['пример.рф', false],
  ['пример.com', false],
  ['еxample.com', true],
  ['exαmple.com', true],
  ['東京タワー.jp', false],
  ['itニュース.jp', false],
  ['한글漢字.kr', false],
  ['한글カタカナ.kr', true],
  ['bücher-24.example', false],
]

for (const [domain, isMixed] of mixed) {
  test(`${domain} ${isMixed ? 'mixes scripts in a label' : 'is written as people write'}`, () =>
    assert.equal(isMixedScript(domain), isMixed))
}
