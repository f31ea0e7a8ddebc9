import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, beforeEach, test } from 'node:test'
import { lockFolder } from './folder-lock.ts'

const base = mkdtempSync(join(tmpdir(), 'sallyport-lock-'))
after(() => rmSync(base, { recursive: true, force: true }))
let folder = base
beforeEach(() => {
  folder = mkdtempSync(join(base, 'f'))
})

const imports = `import { lockFolder } from ${JSON.stringify(join(import.meta.dirname, 'folder-lock.ts'))}`
const words = (path: string): readonly string[] => [
  process.execPath,
  '--input-type=module',
  '-e',
  `${imports}
  try {
    lockFolder(${JSON.stringify(path)})
    console.log('locked')
  } catch ({ code, message }) {
    console.log(code, message)
  }`,
]
/** What a process says that tries to lock the folder and ends; `around` is the command that it runs under. */
function atOnce(around: readonly string[] = []): string {
  const [command = '', ...args] = [...around, ...words(folder)]
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}

const neighbour = spawn(
  process.execPath,
  [
    '--input-type=module',
    '-e',
    `${imports}
    import { createInterface } from 'node:readline'
    for await (const path of createInterface({ input: process.stdin })) {
      try {
        lockFolder(path).release()
        console.log('locked')
      } catch ({ code, message }) {
        console.log(code, message)
      }
    }`,
  ],
  { stdio: ['pipe', 'pipe', 'inherit'] },
)
const answers = createInterface({ input: neighbour.stdout })
after(() => {
  neighbour.stdin.end()
})

/** What another process says that tries to lock the folder, and lets go of it where it could. */
async function elsewhere(): Promise<string> {
  const answer = once(answers, 'line')
  neighbour.stdin.write(`${folder}\n`)
  return String((await answer)[0])
}

test('another process is refused until the lock is released, and told who has it', async () => {
  const lock = lockFolder(folder)
  assert.match(
    await elsewhere(),
    new RegExp(`^DATA_FOLDER_IN_USE .*${folder} is used by process ${process.pid}: stop that one, or set data`),
  )
  lock.release()
  assert.equal(await elsewhere(), 'locked')
})

test('the same process is refused, too, and a second release of an old lock leaves a new one alone', async () => {
  const old = lockFolder(folder)
  assert.throws(() => lockFolder(folder), { code: 'DATA_FOLDER_IN_USE' })
  old.release()
  const lock = lockFolder(folder)
  old.release()
  assert.match(await elsewhere(), /^DATA_FOLDER_IN_USE/)
  lock.release()
})

test('what a process left behind that ended without a release does not lock, whoever has its pid now', () => {
  assert.equal(atOnce(), 'locked')
  writeFileSync(join(folder, 'lock.json'), JSON.stringify({ pid: process.pid, host: 'localhost' }))
  lockFolder(folder).release()
})

test('a note that cannot be read still refuses', async () => {
  const lock = lockFolder(folder)
  writeFileSync(join(folder, 'lock.json'), '{')
  assert.match(await elsewhere(), /^DATA_FOLDER_IN_USE .* is used by another process:/)
  lock.release()
})

const unshare = ['unshare', '--pid', '--fork', '--mount-proc']
test('another container, where pids say nothing, is refused', {
  skip: spawnSync(unshare[0] ?? '', [...unshare.slice(1), 'true']).status === 0 ? false : 'needs root and unshare',
}, () => {
  const lock = lockFolder(folder)
  assert.match(atOnce(unshare), /^DATA_FOLDER_IN_USE/)
  lock.release()
  assert.equal(atOnce(unshare), 'locked')
})
