import assert from 'node:assert/strict'
import { test } from 'node:test'
import { charsetOf, decodeText } from './charset.ts'

const labels: readonly (readonly [label: string, name: string])[] = [
  ['us-ascii', 'us-ascii'],
  ['ANSI_X3.4-1968', 'us-ascii'],
  ['UTF-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['"utf-8"', 'utf-8'],
  ["'utf-8'", 'utf-8'],
  ['utf8mb4', 'utf-8'],
  ['iso-8859-1', 'windows-1252'],
  ['ANSI_X3.110-1983', 'windows-1252'],
  ['cp1252', 'windows-1252'],
  ['win-1251', 'windows-1251'],
  ['x-windows-1251', 'windows-1251'],
  ['koi8-r', 'koi8-r'],
  ['x-sjis', 'shift_jis'],
  ['cp932', 'shift_jis'],
  ['iso-2022-jp-2', 'iso-2022-jp'],
  ['gb2312', 'gbk'],
  ['cp936', 'gbk'],
  ['ks_c_5601-1987', 'euc-kr'],
  ['big5-hkscs', 'big5'],
  ['tis-620', 'windows-874'],
  ['unicode-1-1-utf-7', 'utf-7'],
  ['csUTF8', 'utf-8'],
  ['cswindows1252', 'windows-1252'],
  ['IBM866', 'ibm866'],
  ['cp866', 'ibm866'],
  ['IBM850', 'ibm850'],
  ['cp850', 'ibm850'],
  ['850', 'ibm850'],
  ['csPC850Multilingual', 'ibm850'],
  ['x-cp437', 'ibm437'],
  ['csIBM857', 'ibm857'],
  ['IBM00858', 'ibm858'],
  ['CCSID00858', 'ibm858'],
  ['cp-gr', 'ibm869'],
  ['HZ-GB-2312', 'hz-gb-2312'],
  ['csHZGB2312', 'hz-gb-2312'],
  ['iso-2022-kr', 'iso-2022-kr'],
]

test('labels as they are found', () => {
  for (const [label, name] of labels) assert.equal(charsetOf(label)?.name, name, label)
  for (const label of ['', 'x-unknown', 'cp999', 'ibm037', 'toString', '__proto__', '8bit', 'constructor', 'a'.repeat(10_000)])
    assert.equal(charsetOf(label), undefined, label)
})

const texts: readonly (readonly [label: string | undefined, bytes: string, text: string, fault?: string])[] = [
  ['us-ascii', 'abc', 'abc'],
  ['us-ascii', '\xc3\xa4', 'ä', 'charset-mismatch'],
  ['us-ascii', '\xe4\x80', 'ä€', 'charset-mismatch'],
  [undefined, 'abc', 'abc'],
  [undefined, '\xc3\xa4', 'ä'],
  [undefined, '\xe4\x80', 'ä€'],
  ['nonsense', 'abc', 'abc', 'charset-unknown'],
  ['nonsense', '\xe4', 'ä', 'charset-unknown'],
  ['utf-8', '\xef\xbb\xbf\xc3\xa4', 'ä'],
  ['utf-8', '\xef\xbb\xbf', ''],
  ['utf-8', '\xef\xbf\xbd', '\ufffd'],
  ['utf-8', 'a\xe4b', 'a\ufffdb', 'charset-mismatch'],
  ['iso-8859-1', '\xe4\x80', 'ä€'],
  ['iso-8859-15', '\xa4', '€'],
  ['koi8-r', '\xf0\xd2\xc9\xd7\xc5\xd4', 'Привет'],
  ['shift_jis', '\x93\xfa\x96{', '日本'],
  ['shift_jis', '\xff', '\ufffd', 'charset-mismatch'],
  ['iso-2022-jp', '\x1b$BF|K\\\x1b(B', '日本'],
  ['utf-16le', 'a\0b\0', 'ab'],
  ['utf-16', '\xff\xfea\0', 'a'],
  ['utf-16be', '\xd8\0', '\ufffd', 'charset-mismatch'],
  ['utf-7', '+AGE-b+-c+2D3cqQ-', 'ab+c\u{1f4a9}'],
  ['utf-7', '+ADw-script+AD4', '<script>'],
  ['ibm850', 'Gr\x81\xe1e \xd5', 'Grüße ı'],
  ['cp437', '\x9b \xe1', '¢ ß'],
  ['cp858', '\xd5', '€'],
  ['ibm852', '\x88\xa9', 'łę'],
  ['ibm857', '\xd5', '\ufffd', 'charset-mismatch'],
  ['hz-gb-2312', 'This is ~~ ~{VPND~} text.\n', 'This is ~ 中文 text.\n'],
  ['hz-gb-2312', '~{VP~\nND~}', '中文'],
  // A line ends what was not ended, and nothing hides behind half a character.
  ['hz-gb-2312', '~{VPND\nabc', '中文\nabc'],
  ['hz-gb-2312', '~{V ~}<script>', '\ufffd <script>', 'charset-mismatch'],
  ['hz-gb-2312', '\xd6\xd0', '\ufffd\ufffd', 'charset-mismatch'],
  ['iso-2022-kr', '\x1b$)C\x0eGQ1[\x0f abc', '한글 abc'],
  ['utf-7', '+2D0-\xe4', '\ufffd\ufffd', 'charset-mismatch'],
]

test('text of bytes', () => {
  for (const [label, bytes, text, fault] of texts) {
    assert.deepEqual(decodeText(Buffer.from(bytes, 'latin1'), label), { text, fault }, `${label} ${JSON.stringify(bytes)}`)
  }
})

test('a character that the end cuts is left out', () => {
  const cut: readonly (readonly [label: string | undefined, bytes: string])[] = [
    ['utf-8', 'a\xc3'],
    ['utf-8', 'a\xe2\x82'],
    ['utf-8', 'a\xf0\x9f\x92'],
    [undefined, 'a\xe2\x82'],
    ['shift_jis', 'a\x93'],
    ['utf-16le', 'a\0b'],
    ['hz-gb-2312', 'a~{V'],
    ['iso-2022-kr', 'a\x0eG'],
  ]
  for (const [label, bytes] of cut)
    assert.deepEqual(decodeText(Buffer.from(bytes, 'latin1'), label, true), { text: 'a', fault: undefined })
  // It does not come back with the next text.
  assert.equal(decodeText(Buffer.from('b\0'), 'utf-16le').text, 'b')
  assert.equal(decodeText(Buffer.from('ä€💩'), 'utf-8', true).text, 'ä€💩')
})
