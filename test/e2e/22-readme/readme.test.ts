/**
 * The README as its reader does it: `npm start`, the one line on stdout that scripts wait for, and the first ten minutes from "watch" to
 * "enforce", each command of them as it stands there. Ports and folders of this test come by a configuration file, the environment and
 * `--set`, in the order in which they win.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { eventually, freePort, temporaryFolder } from '@sallyport/testkit'

const root = join(import.meta.dirname, '../../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const folder = temporaryFolder()
const addresses = { smtp: '', console: '', health: '' }
let program: ChildProcess
let stdout = ''
let stderr = ''
let ended: Promise<number | null>

before(async () => {
  for (const name of ['smtp', 'console', 'health'] as const) addresses[name] = `127.0.0.1:${await freePort()}`
  mkdirSync(folder.join('secrets'))
  writeFileSync(
    folder.join('sallyport.yaml'),
    `data: ${folder.join('never')}
secrets: ${folder.join('secrets')}
smtp: { listen: "127.0.0.1:9" }
console: { listen: "127.0.0.1:9" }
health: { listen: "${addresses.health}" }
minFreeBytes: 0
`,
  )
  program = spawn('npm', ['start', '--', '--set', `data=${folder.join('data')}`, '--set', `console.listen=${addresses.console}`], {
    cwd: root,
    env: {
      ...process.env,
      SALLYPORT_CONFIG: folder.join('sallyport.yaml'),
      SALLYPORT_SMTP_LISTEN: addresses.smtp,
      SALLYPORT_CONSOLE_LISTEN: '127.0.0.1:9',
      npm_config_update_notifier: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, which a terminal would interrupt as one.
    detached: true,
  })
  program.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  program.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  ended = new Promise((resolve) => program.once('exit', resolve))
  // On a fresh clone it builds the console's page first.
  await eventually(() => /^ready /m.test(stdout) || program.exitCode !== null, { deadlineMs: 240_000, what: 'ready' })
  assert.equal(program.exitCode, null, stderr)
})
after(async () => {
  const hasEnded = program.exitCode !== null || program.signalCode !== null
  if (!hasEnded && program.pid !== undefined) process.kill(-program.pid, 'SIGKILL')
  await ended
  folder.remove()
})

interface Ran {
  readonly code: number | null
  readonly output: string
}

/** A command of the README, which must stand there, in a terminal that knows the token. */
function asWritten(command: string, change: (command: string) => string = (same) => same): Promise<Ran> {
  assert.ok(readme.includes(command), `the README does not say: ${command}`)
  const env = {
    ...process.env,
    SALLYPORT_URL: `http://${addresses.console}`,
    SALLYPORT_SMTP: addresses.smtp,
    SALLYPORT_TOKEN: readFileSync(folder.join('data/console-token'), 'utf8').trim(),
    npm_config_update_notifier: 'false',
  }
  const child = spawn('bash', ['-ec', change(command)], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
}

const send = 'npm run sallyport -- send --from invoices@example.com --to you@example.net'
const sendAs = (address: string) => asWritten(send, (command) => command.replace('invoices@example.com', address))
const trace = (id: string) => asWritten('npm run sallyport -- trace ID', (command) => command.replace('ID', id))
const idIn = ({ output }: Ran): string => /^250 2\.6\.0 .* (\S{36})$/m.exec(output)?.[1] ?? assert.fail(output)

test('`npm start` says ready in one line, with every address that it was given', () => {
  const lines = stdout.split('\n').filter((line) => line.includes('ready'))
  assert.deepEqual(
    lines.map((line) => line.split(' ').toSorted()),
    [[`console=${addresses.console}`, `health=${addresses.health}`, 'ready', `smtp=${addresses.smtp}`]],
  )
})

test('a first message is captured, and sends nothing to the world', { timeout: 60_000 }, async () => {
  const id = idIn(await asWritten(send))
  const file = await eventually(() => readdirSync(folder.join('data/captured')).find((name) => name.startsWith(id)))
  assert.ok(statSync(folder.join('data/captured', file)).size > 0)
  const traced = await eventually(async () => {
    const ran = await trace(id)
    return ran.code === 0 && /delivered/.test(ran.output) ? ran : undefined
  })
  for (const check of ['domain', 'address', 'spam', 'throttle']) assert.match(traced.output, new RegExp(`^${check} +monitor`, 'm'))
})

test('a stranger leaves as well while it is only watched, its trace says what enforcing would do, and it is counted', async () => {
  assert.ok(readme.includes('`--from you@elsewhere.example`'))
  assert.ok(readme.includes('`relay; with every check enforced: reject by address, domain`'))
  const id = idIn(await sendAs('you@elsewhere.example'))
  await eventually(async () => /relay; with every check enforced: reject by address, domain$/m.test((await trace(id)).output))
  const metrics = 'curl -s http://127.0.0.1:8081/metrics | grep findings'
  const { output } = await asWritten(metrics, (command) => command.replace('127.0.0.1:8081', addresses.health))
  assert.match(
    output,
    /^sallyport_verdict_findings_total\{application="first-try",check="domain",mode="monitor",outcome="fail"\} \d+$/m,
  )
})

test('enforce: refused on the line with rule and reason, without a restart; back to monitor it leaves again', async () => {
  const sample = readFileSync(join(root, 'deploy/sample/policy.yaml'), 'utf8')
  const apply = async (mode: string): Promise<void> => {
    writeFileSync(folder.join('policy.yaml'), sample.replace('domain: { mode: monitor }', `domain: { mode: ${mode} }`))
    const command = 'npm run sallyport -- apply policy.yaml --reason "our applications"'
    const ran = await asWritten(command, (words) => words.replace('policy.yaml', folder.join('policy.yaml')))
    assert.equal(ran.code, 0, ran.output)
  }
  await apply('enforce')
  const refused = await sendAs('you@elsewhere.example')
  assert.match(refused.output, /^550 5\.7\.1 .*elsewhere\.example.*domain\.envelope-not-authorized/m)
  await apply('monitor')
  idIn(await sendAs('you@elsewhere.example'))
})

test('the policy is refused with all its faults, and the running one stays', async () => {
  const command = 'npm run sallyport -- apply policy.yaml --reason "our applications"'
  writeFileSync(folder.join('policy.yaml'), 'organization: { nme: x }\napplications: [{ name: A B }]\nroutes: {}\n')
  const ran = await asWritten(command, (words) => words.replace('policy.yaml', folder.join('policy.yaml')))
  assert.equal(ran.code, 3)
  for (const place of [
    '/organization/nme',
    '/organization/domains',
    '/applications/0/name',
    '/applications/0/owner',
    '/routes/default',
  ])
    assert.ok(ran.output.includes(place), `${place} is not in\n${ran.output}`)
  idIn(await asWritten(send))
})

test('an interrupt drains it, and it ends cleanly', async () => {
  if (program.pid !== undefined) process.kill(-program.pid, 'SIGINT')
  await ended
  assert.match(stderr, /"msg":"stopping"/)
  assert.doesNotMatch(stderr, /"level":"(error|fatal)"/)
  const answers = (): Promise<boolean> =>
    fetch(`http://${addresses.health}/healthz`).then(
      () => true,
      () => false,
    )
  await eventually(async () => !(await answers()), { what: 'it answers no more' })
})
