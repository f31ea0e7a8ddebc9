/** What the shells themselves make of it: bash is asked, zsh and fish where they are installed. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { temporaryFolder } from '@sallyport/testkit'
import { printTo } from '../print.ts'
import { run } from '../run.ts'

const folder = temporaryFolder()
after(() => folder.remove())

async function script(shell: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const written = { out: '', err: '' }
  const to = (stream: keyof typeof written) => ({ write: (text: string) => (written[stream] += text) })
  const code = await run(['completion', shell], { environment: {}, author: 'ann', print: printTo(to('out'), to('err')) })
  return { code, ...written }
}

/** What bash offers for the last of the words. */
async function offered(words: readonly string[], cwd = folder.path): Promise<readonly string[]> {
  const quoted = words.map((word) => `'${word}'`).join(' ')
  const asked = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _sallyport; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { out } = await script('bash')
  const answer = execFileSync('bash', ['--norc', '-c', `${out}\n${asked}`], { cwd, encoding: 'utf8' })
  return answer.split('\n').filter((line) => line !== '')
}

const bashMissing = spawnSync('bash', ['--version']).status !== 0 && 'bash is not installed'

for (const [words, expected] of [
  [['sallyport', 'qua'], ['quarantine']],
  [['sallyport', 'queue', 'pa'], ['pause']],
  [['sallyport', 'queue', '--j'], ['--json']],
  [['sallyport', 'queue', 'pause', '--f'], ['--for']],
  [
    ['sallyport', 'completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['sallyport', 'apply', '--if'], ['--if-revision']],
  [['sallyport', 'apply', 'poli'], ['policy.yaml']],
  [['sallyport', 'stats', 'poli'], []],
  [['sallyport', 'nonsense', ''], []],
] as const) {
  test(`bash: ${words.join(' ')}`, { skip: bashMissing }, async () => {
    writeFileSync(folder.join('policy.yaml'), '')
    assert.deepEqual(await offered(words), expected)
  })
}

test('bash: every command, and what may follow it', { skip: bashMissing }, async () => {
  const commands = await offered(['sallyport', ''])
  for (const name of ['apply', 'backup', 'demo', 'help', 'quarantine', 'queue', 'ready', 'trace'])
    assert.ok(commands.includes(name), name)
  assert.equal(new Set(commands).size, commands.length)
  assert.deepEqual((await offered(['sallyport', 'quarantine', ''])).toSorted(), ['drop', 'list', 'release'])
})

test('an unknown shell: 2, and which are known', async () => {
  const { code, out, err } = await script('tcsh')
  assert.deepEqual([code, out], [2, ''])
  assert.match(err, /no completion for "tcsh": bash, zsh and fish are known/)
})

for (const shell of ['zsh', 'fish']) {
  const missing = spawnSync(shell, ['--version']).status !== 0 && `${shell} is not installed`
  test(`${shell} reads it`, { skip: missing }, async () => {
    const path = folder.join(`complete.${shell}`)
    writeFileSync(path, (await script(shell)).out)
    execFileSync(shell, ['-n', path])
  })
}

test('fish: what it offers stands in it', async () => {
  const { out } = await script('fish')
  for (const line of [
    'complete -c sallyport -f',
    "complete -c sallyport -n '__fish_seen_subcommand_from queue' -a pause -d 'send nothing",
    "complete -c sallyport -n '__fish_seen_subcommand_from apply' -l if-revision -r",
    "complete -c sallyport -n '__fish_seen_subcommand_from apply' -F",
  ])
    assert.ok(out.includes(line), line)
})
