/**
 * `docs/first-week.md` as its reader does it: every command of the page, in its order, in a folder of its own, against a gateway. What
 * the reader does by hand or in the page of the console is done between them.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { eventually, temporaryFolder } from '@sallyport/testkit'
import { parse, stringify } from 'yaml'
import { api } from '../../process/api.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'docs/first-week.md'), 'utf8')
const folder = temporaryFolder()
let gateway: GatewayProcess

before(async () => {
  for (const name of ['package.json', 'node_modules', 'services', 'libs']) symlinkSync(join(root, name), folder.join(name))
  mkdirSync(folder.join('deploy'))
  cpSync(join(root, 'deploy/sample'), folder.join('deploy/sample'), { recursive: true })
  gateway = await startGatewayProcess({ folder: folder.path, settings: { policy: folder.join('deploy/sample/policy.yaml') } })
})
after(async () => {
  await gateway?.stop()
  folder.remove()
})

/** Lines that are indented by four spaces, each as it stands. */
const commands = page.split('\n').flatMap((line) => (line.startsWith('    ') ? [line.slice(4)] : []))

interface Ran {
  readonly code: number | null
  readonly output: string
}

/** As in a terminal whose earlier commands were `exported`. */
function shell(exported: readonly string[], command: string): Promise<Ran> {
  const env = {
    ...process.env,
    SALLYPORT_URL: `http://${gateway.addresses.console}`,
    SALLYPORT_SMTP: `127.0.0.1:${gateway.port('smtp')}`,
    npm_config_update_notifier: 'false',
  }
  const child = spawn('bash', ['-ec', [...exported, command].join('\n')], {
    cwd: folder.path,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
}

/** What a command of the page begins with, how it ends, what it says, and what the reader does then. */
interface Step {
  readonly begins: string
  readonly code?: number
  readonly says: RegExp
  readonly next?: () => Promise<void> | void
}

const steps: readonly Step[] = [
  { begins: 'export SALLYPORT_TOKEN', says: /^$/ },
  { begins: 'echo "http', says: /#token=\S{20,}\n$/ },
  { begins: 'npm run sallyport -- send --from invoices@', says: /^250 2\.6\.0 Queued as \S{36}$/m },
  { begins: 'cp deploy/sample/policy.yaml', says: /^$/, next: writeDown },
  { begins: 'npm run sallyport -- check-config', says: /^policy\.yaml is valid$/m },
  { begins: 'npm run sallyport -- plan', says: /^\+ \/applications\/billing.*$/m },
  { begins: 'npm run sallyport -- apply', says: /^revision 2 holds$/m, next: sendAsBillingDoes },
  { begins: 'npm run sallyport -- stats', says: /^billing +address +monitor +fail +1$/m },
  { begins: 'npm run sallyport -- ready billing', code: 3, says: /invocies@example\.com/, next: enforce },
  { begins: 'npm run sallyport -- send --from invocies@', code: 3, says: /^550 5\.7\.1 .*invocies@example\.com.*address\./m },
]

/** "Write down who you are": the application, its address, its owner. */
function writeDown(): void {
  const policy = parse(readFileSync(folder.join('policy.yaml'), 'utf8'))
  const [first] = policy.applications
  policy.applications = [
    { ...first, name: 'billing', owner: 'billing-team@example.com', senders: { addresses: ['invoices@example.com'] } },
  ]
  writeFileSync(folder.join('policy.yaml'), stringify(policy))
}

/** "Now let the first servers send through the gateway": as before, with the mistyped address, it leaves. */
async function sendAsBillingDoes(): Promise<void> {
  const { code, output } = await shell([], `npm run sallyport -- send --from invocies@example.com --to you@example.net`)
  assert.equal(code, 0, output)
  const isCounted = async (): Promise<boolean> => {
    const { body } = await api(gateway, 'GET', '/api/statistics?by=application,outcome&check=address')
    return body.rows.some(
      (row: { application: string; outcome: string }) => row.application === 'billing' && row.outcome === 'fail',
    )
  }
  await eventually(isCounted, { deadlineMs: 30_000 })
}

/** "On the application's page set the check to `enforce`": what the page asks the API. */
async function enforce(): Promise<void> {
  const current = await api(gateway, 'GET', '/api/policy')
  const switched = await api(gateway, 'POST', '/api/applications/billing/checks/address', {
    body: { mode: 'enforce', reason: 'the first check of the first application' },
    headers: { 'if-match': current.headers.get('etag') ?? '' },
  })
  assert.equal(switched.status, 200, JSON.stringify(switched.body))
  const isEnforced = async (): Promise<boolean> => {
    const { body } = await api(gateway, 'GET', '/api/explain?ip=127.0.0.1&sender=invocies@example.com')
    return body.checks.some((one: { check: string; mode: string }) => one.check === 'address' && one.mode === 'enforce')
  }
  await eventually(isEnforced, { deadlineMs: 30_000 })
}

test('the page begins with the two commands that install and start it', () => {
  assert.equal(commands[0], 'npm ci && npm start')
  assert.ok(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts.start)
})

test('every command of the page, in its order', { timeout: 300_000 }, async (t) => {
  const exported: string[] = []
  assert.equal(commands.length - 1, steps.length, 'each command of the page has its step here')
  for (const [index, { begins, code = 0, says, next }] of steps.entries()) {
    const command = commands[index + 1] ?? ''
    await t.test(command, async () => {
      assert.ok(command.startsWith(begins), `the page says ${command}`)
      const ran = await shell(exported, command)
      assert.equal(ran.code, code, ran.output)
      assert.match(ran.output, says)
      if (command.startsWith('export ')) exported.push(command)
      await next?.()
    })
  }
})

test('"If it was too early": the way back lets the same mail leave again', async () => {
  const back = await api(gateway, 'POST', '/api/policy/rollback', {
    body: { revision: 2, reason: 'the owner was not told' },
    headers: { 'if-match': '"3"' },
  })
  assert.equal(back.status, 200, JSON.stringify(back.body))
  const command = 'npm run sallyport -- send --from invocies@example.com --to you@example.net'
  await eventually(async () => (await shell([], command)).code === 0, { deadlineMs: 60_000 })
})

test('its pictures and the pages that it names are there', () => {
  const named = [...page.matchAll(/\]\(([\w./-]+)\)|src="([^"]+)"/g)].map(([, link, source]) => link ?? source ?? '')
  assert.ok(named.length >= 6)
  for (const path of named) assert.ok(existsSync(join(root, 'docs', path)), path)
})
