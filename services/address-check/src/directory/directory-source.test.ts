import assert from 'node:assert/strict'
import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { recordingLogger, temporaryFolder } from '@sallyport/testkit'
import { DirectorySource } from './directory-source.ts'

const folder = temporaryFolder()
after(() => folder.remove())
let files = 0
let seconds = 1_700_000_000

const lines = (count: number, prefix = 'user'): string =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}@example.com\n`).join('')

function opened(text: string | undefined) {
  const path = folder.join(`${++files}.txt`)
  const { log, lines: logged } = recordingLogger()
  const read: string[] = []
  const write = (content: string, to = path): void => {
    writeFileSync(to, content)
    // Each writing has a time of its own, however coarse the clock of the file system is.
    utimesSync(to, seconds, ++seconds)
  }
  if (text !== undefined) write(text)
  const source = new DirectorySource({
    name: 'staff',
    path,
    localPartCase: 'ignore',
    log,
    onRead: (result) => void read.push(result),
  })
  return { source, path, write, logged, read }
}

test('a changed file is used at the next look, whole', async () => {
  const { source, write, read } = opened(lines(4))
  await source.firstRead
  assert.equal(source.content?.addresses.size, 4)
  write(lines(5, 'new'))
  assert.ok(source.content?.addresses.has('user0@example.com'), 'not before the look')
  await source.look()
  assert.deepEqual(
    [source.content?.addresses.has('user0@example.com'), source.content?.addresses.has('new4@example.com')],
    [false, true],
  )
  await source.look()
  assert.deepEqual(read, ['loaded', 'loaded'], 'an unchanged file is not read again')
})

test('a file that shrinks by more than half is held back and said, until it is confirmed', async () => {
  const { source, write, path, logged, read } = opened(lines(10))
  await source.firstRead
  write(lines(4))
  await source.look()
  assert.equal(source.content?.addresses.size, 10)
  assert.equal(source.heldBack?.addresses.size, 4)
  const error = logged.find(({ level }) => level === 50)
  assert.match(String(error?.msg), /lost more than half .* write [0-9a-f]{16} to .*\.txt\.confirm/)
  assert.deepEqual([error?.before, error?.addresses], [10, 4])
  await source.look()
  assert.equal(read.filter((result) => result === 'held-back').length, 1, 'it is said once')

  writeFileSync(`${path}.confirm`, 'another revision\n')
  await source.look()
  assert.equal(source.content?.addresses.size, 10)
  writeFileSync(`${path}.confirm`, `${source.heldBack?.revision}\n`)
  await source.look()
  assert.equal(source.content?.addresses.size, 4)
  assert.equal(source.heldBack, undefined)
})

test('a file that is held back and grows again needs no confirmation', async () => {
  const { source, write } = opened(lines(10))
  await source.firstRead
  write(lines(2))
  await source.look()
  assert.ok(source.heldBack)
  write(lines(9))
  await source.look()
  assert.deepEqual([source.content?.addresses.size, source.heldBack], [9, undefined])
})

test('a file that is restored is no longer held back', async () => {
  const { source, write } = opened(lines(10))
  await source.firstRead
  write(lines(2))
  await source.look()
  write(lines(10))
  await source.look()
  assert.deepEqual([source.content?.addresses.size, source.heldBack], [10, undefined])
})

test('half is not too small', async () => {
  const { source, write } = opened(lines(10))
  await source.firstRead
  write(lines(5))
  await source.look()
  assert.deepEqual([source.content?.addresses.size, source.heldBack], [5, undefined])
})

test('an empty file is no directory: the old content stays, and the problem is said once', async () => {
  const { source, write, logged, read } = opened(lines(3))
  await source.firstRead
  write('')
  await source.look()
  await source.look()
  assert.equal(source.content?.addresses.size, 3)
  assert.match(source.problem ?? '', /no address/)
  assert.equal(logged.filter(({ level }) => level === 50).length, 1)
  assert.deepEqual(read, ['loaded', 'failed'])
  write(lines(3))
  await source.look()
  assert.equal(source.problem, undefined)
})

test('a file that is not there at first is used as soon as it comes', async () => {
  const { source, write } = opened(undefined)
  await source.firstRead
  const facts = () => ({ addresses: source.content?.addresses.size, problem: source.problem?.slice(0, 6) })
  assert.deepEqual(facts(), { addresses: undefined, problem: 'ENOENT' })
  write(lines(1))
  await source.look()
  assert.deepEqual(facts(), { addresses: 1, problem: undefined })
})

test('a file that goes and comes back as it was is no problem any more', async () => {
  const { source, path } = opened(lines(3))
  await source.firstRead
  renameSync(path, `${path}.away`)
  await source.look()
  assert.match(source.problem ?? '', /ENOENT/)
  assert.equal(source.content?.addresses.size, 3)
  renameSync(`${path}.away`, path)
  await source.look()
  assert.equal(source.problem, undefined)
})

test('bad lines are told with the directory', async () => {
  const { source, logged } = opened(`${lines(2)}not an address\n`)
  await source.firstRead
  const warning = logged.find(({ level }) => level === 40)
  assert.deepEqual([warning?.badLines, warning?.firstBadLines], [1, ['3: "not an address" (at-missing)']])
})

test('a stop ends a reading and is no problem', async () => {
  const { source, write, logged, path } = opened(lines(2))
  await source.firstRead
  write(lines(50_000))
  const look = source.look()
  await source.stop()
  await look
  assert.equal(logged.filter(({ level }) => level >= 50).length, 0)
  rmSync(path)
})
