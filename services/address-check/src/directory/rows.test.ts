import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { csvRows, type OnRow, type RowReader, textRows } from './rows.ts'

type Row = readonly [line: number, ...cells: string[]]

function read(make: (onRow: OnRow) => RowReader, pieces: readonly string[]): Row[] {
  const rows: Row[] = []
  const reader = make((cells, line) => void rows.push([line, ...cells]))
  for (const piece of pieces) reader.push(piece)
  reader.end()
  return rows
}

const texts: readonly (readonly [what: string, text: string, rows: readonly Row[]])[] = [
  [
    'an address a line',
    'a@x\nb@x\n',
    [
      [1, 'a@x'],
      [2, 'b@x'],
    ],
  ],
  [
    'no last line end',
    'a@x\nb@x',
    [
      [1, 'a@x'],
      [2, 'b@x'],
    ],
  ],
  [
    'CRLF and white space',
    ' a@x \r\n\tb@x\r\n',
    [
      [1, 'a@x'],
      [2, 'b@x'],
    ],
  ],
  ['comments and empty lines count as lines', '# staff\n\na@x\n', [[3, 'a@x']]],
  ['nothing', '', []],
]

const tables: readonly (readonly [what: string, text: string, rows: readonly Row[]])[] = [
  [
    'commas',
    'mail,name\na@x,A\n',
    [
      [1, 'mail', 'name'],
      [2, 'a@x', 'A'],
    ],
  ],
  [
    'semicolons',
    'name;mail\r\n"B; C";b@x',
    [
      [1, 'name', 'mail'],
      [2, 'B; C', 'b@x'],
    ],
  ],
  [
    'tabs',
    'name\tmail\nA\ta@x\n',
    [
      [1, 'name', 'mail'],
      [2, 'A', 'a@x'],
    ],
  ],
  [
    'doubled quotes',
    'a,b\n"say ""hi""",x\n',
    [
      [1, 'a', 'b'],
      [2, 'say "hi"', 'x'],
    ],
  ],
  [
    'a line end within quotes',
    'a,b\n"1\n2",x\ny,z\n',
    [
      [1, 'a', 'b'],
      [2, '1\n2', 'x'],
      [4, 'y', 'z'],
    ],
  ],
  [
    'a quote within a cell is itself',
    'a,b\n5" disk,x\n',
    [
      [1, 'a', 'b'],
      [2, '5" disk', 'x'],
    ],
  ],
  [
    'rows without text are left out',
    'a,b\n,\n\nx,y\n',
    [
      [1, 'a', 'b'],
      [4, 'x', 'y'],
    ],
  ],
  [
    'one column',
    'mail\na@x\n',
    [
      [1, 'mail'],
      [2, 'a@x'],
    ],
  ],
  [
    'delimiters within quotes do not choose',
    '"a;b;c",d\nx,y\n',
    [
      [1, 'a;b;c', 'd'],
      [2, 'x', 'y'],
    ],
  ],
]

for (const [what, text, rows] of texts) {
  test(`text: ${what}`, () => {
    assert.deepEqual(read(textRows, [text]), rows)
    assert.deepEqual(read(textRows, [...text]), rows, 'character by character')
  })
}

for (const [what, text, rows] of tables) {
  test(`csv: ${what}`, () => {
    assert.deepEqual(read(csvRows, [text]), rows)
    assert.deepEqual(read(csvRows, [...text]), rows, 'character by character')
  })
}

test('csv: what is written by the rules is read as it was', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', ' ', 'ü'), maxLength: 6 })
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), (cells) => {
      const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
      const text = `a,b\n${cells.map((row) => `${row.map(quote).join(',')}\n`).join('')}`
      const rows = read(csvRows, [text]).map(([, ...row]) => row)
      assert.deepEqual(rows, [['a', 'b'], ...cells.filter((row) => row.some((one) => one.trim() !== ''))])
    }),
  )
})

for (const [what, make] of [
  ['text', textRows],
  ['csv', csvRows],
] as const) {
  test(`${what}: a row without end is refused`, () => {
    assert.throws(() => read(make, ['x'.repeat(50_000), 'x'.repeat(50_000)]), { code: 'DIRECTORY_INVALID' })
  })
}

test('csv: a quote that is never closed is refused, with its line', () => {
  assert.throws(() => read(csvRows, ['a,b\n"x,y\n']), { code: 'DIRECTORY_INVALID', message: /line 2/ })
})
