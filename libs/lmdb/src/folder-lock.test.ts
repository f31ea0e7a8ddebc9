import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { lockFolder } from './folder-lock.ts'

const base = mkdtempSync(join(tmpdir(), 'sallyport-lock-'))
after(() => rmSync(base, { recursive: true, force: true }))
let folder = base
beforeEach(() => {
  folder = mkdtempSync(join(base, 'f'))
})

const script = (path: string): string => `
  import { lockFolder } from ${JSON.stringify(join(import.meta.dirname, 'folder-lock.ts'))}
  try {
    lockFolder(${JSON.stringify(path)})
    console.log('locked')
  } catch ({ code, message }) {
    console.log(code, message)
  }`
/** What another process says that tries to lock the folder; `around` is the command that it runs under. */
function elsewhere(around: readonly string[] = []): string {
  const [command = '', ...args] = [...around, process.execPath, '--input-type=module', '-e', script(folder)]
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}

test('another process is refused until the lock is released, and told who has it', () => {
  const lock = lockFolder(folder)
  assert.match(
    elsewhere(),
    new RegExp(`^DATA_FOLDER_IN_USE .*${folder} is used by process ${process.pid}: stop that one, or set data`),
  )
  lock.release()
  assert.equal(elsewhere(), 'locked')
})

test('the same process is refused, too, and a second release of an old lock leaves a new one alone', () => {
  const old = lockFolder(folder)
  assert.throws(() => lockFolder(folder), { code: 'DATA_FOLDER_IN_USE' })
  old.release()
  const lock = lockFolder(folder)
  old.release()
  assert.match(elsewhere(), /^DATA_FOLDER_IN_USE/)
  lock.release()
})

test('what a process left behind that ended without a release does not lock, whoever has its pid now', () => {
  assert.equal(elsewhere(), 'locked')
  writeFileSync(join(folder, 'lock.json'), JSON.stringify({ pid: process.pid, host: 'localhost' }))
  lockFolder(folder).release()
})

test('a note that cannot be read still refuses', () => {
  const lock = lockFolder(folder)
  writeFileSync(join(folder, 'lock.json'), '{')
  assert.match(elsewhere(), /^DATA_FOLDER_IN_USE .* is used by another process:/)
  lock.release()
})

const unshare = ['unshare', '--pid', '--fork', '--mount-proc']
test('another container, where pids say nothing, is refused', {
  skip: spawnSync(unshare[0] ?? '', [...unshare.slice(1), 'true']).status === 0 ? false : 'needs root and unshare',
}, () => {
  const lock = lockFolder(folder)
  assert.match(elsewhere(unshare), /^DATA_FOLDER_IN_USE/)
  lock.release()
  assert.equal(elsewhere(unshare), 'locked')
})
