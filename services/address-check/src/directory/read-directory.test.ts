import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { temporaryFolder } from '@sallyport/testkit'
import { type DirectoryFile, readDirectory } from './read-directory.ts'

const folder = temporaryFolder()
after(() => folder.remove())

function write(name: string, text: string | Uint8Array, rest: Partial<DirectoryFile> = {}): DirectoryFile {
  const path = folder.join(name)
  writeFileSync(path, text)
  return { path, localPartCase: 'ignore', ...rest }
}

const readable: readonly {
  readonly what: string
  readonly name: string
  readonly text: string
  readonly rest?: Partial<DirectoryFile>
  readonly has: readonly string[]
  readonly hasNot?: readonly string[]
  readonly bad?: readonly string[]
}[] = [
  { what: 'a text file', name: 'a.txt', text: '# ours\nA@Example.com\nb@example.com\n', has: ['a@example.com', 'b@example.com'] },
  {
    what: 'local-part case where it is kept',
    name: 'k.txt',
    text: 'A@Example.com\n',
    rest: { localPartCase: 'keep' },
    has: ['A@example.com'],
    hasNot: ['a@example.com'],
  },
  { what: 'a byte order mark', name: 'bom.txt', text: '\ufeffa@example.com\n', has: ['a@example.com'] },
  {
    what: 'U-labels and letters beyond ASCII',
    name: 'idn.txt',
    text: 'jürgen@bücher.example\n',
    has: ['jürgen@xn--bcher-kva.example'],
  },
  { what: 'a quoted local part', name: 'q.txt', text: '"a b"@example.com\n', has: ['"a b"@example.com'] },
  {
    what: 'bad lines',
    name: 'bad.txt',
    text: 'a@example.com\nbob at example.com\nc@\n',
    has: ['a@example.com'],
    bad: ['2: "bob at example.com" (at-missing)', '3: "c@" (domain-empty)'],
  },
  { what: 'the first column, with a heading', name: 'h.csv', text: 'mail,name\na@example.com,A\n', has: ['a@example.com'] },
  {
    what: 'the first column, without a heading',
    name: 'n.csv',
    text: 'a@example.com,A\nb@example.com,B\n',
    has: ['a@example.com', 'b@example.com'],
  },
  {
    what: 'a column by its heading',
    name: 'c.csv',
    text: 'name;"E-Mail"\nA;a@example.com\nB\n',
    rest: { column: 'e-mail' },
    has: ['a@example.com'],
    bad: ['3: "" (empty)'],
  },
]

for (const { what, name, text, rest, has, hasNot = [], bad = [] } of readable) {
  test(what, async () => {
    const content = await readDirectory(write(name, text, rest))
    for (const address of has) assert.ok(content.addresses.has(address), address)
    for (const address of hasNot) assert.ok(!content.addresses.has(address), address)
    assert.equal(content.addresses.size, has.length)
    assert.deepEqual(content.firstBadLines, bad)
    assert.equal(content.badLines, bad.length)
    assert.equal(content.revision, createHash('sha256').update(text).digest('hex').slice(0, 16))
  })
}

const unreadable: readonly (readonly [what: string, file: DirectoryFile, error: object])[] = [
  ['an empty file', write('empty.txt', ''), { code: 'DIRECTORY_INVALID', message: /no address/ }],
  ['a file of something else', write('junk.txt', 'hello\nworld\n'), { code: 'DIRECTORY_INVALID', message: /1: "hello"/ }],
  [
    'a column that is not there',
    write('x.csv', 'a,b\nc,d\n', { column: 'mail' }),
    { code: 'DIRECTORY_INVALID', message: /"mail", only a, b/ },
  ],
  ['a file that is not there', { path: folder.join('absent.txt'), localPartCase: 'ignore' }, { code: 'ENOENT' }],
  ['a folder', { path: folder.path, localPartCase: 'ignore' }, { code: 'EISDIR' }],
]

for (const [what, file, error] of unreadable) {
  test(`${what} is refused`, async () => {
    await assert.rejects(readDirectory(file), error)
  })
}

test('only the first ten bad lines are named, all are counted', async () => {
  const content = await readDirectory(write('many.txt', `a@example.com\n${'bad\n'.repeat(25)}`))
  assert.equal(content.badLines, 25)
  assert.equal(content.firstBadLines.length, 10)
})

test('a character that two pieces share stays whole', async () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => `ü${at}@example.com`)
  const content = await readDirectory(write('long.txt', lines.join('\n')))
  assert.equal(content.addresses.size, lines.length)
  assert.equal(content.badLines, 0)
})
