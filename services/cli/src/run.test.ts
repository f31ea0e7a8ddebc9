import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { startConsole } from '@sallyport/console'
import { commandCodec, eventCodec, heldCodec, newMessageId, topics } from '@sallyport/contracts'
import { openSqliteRecords, type Records } from '@sallyport/records'
import {
  eventually,
  fixedPolicyView,
  memoryContent,
  memoryLedger,
  memoryLimiter,
  temporaryFolder,
  testPorts,
} from '@sallyport/testkit'
import { eventsOf, heldRow } from './message.cases.ts'
import { printTo } from './print.ts'
import { run } from './run.ts'

const folder = temporaryFolder()
const ports = testPorts({ policy: fixedPolicyView() })
let records: Records
let gateway: Awaited<ReturnType<typeof startConsole>>
const environment = (): Record<string, string> => ({
  SALLYPORT_URL: `http://${gateway.addresses.console}`,
  SALLYPORT_TOKEN: 't0ken',
})

before(async () => {
  records = await openSqliteRecords({ path: folder.join('records.db') })
  gateway = await startConsole(
    { ...ports, records, content: memoryContent(), ledger: memoryLedger(), limiter: memoryLimiter() },
    { data: folder.path, port: 0, token: 't0ken', batchMs: 2, tracesUrl: 'http://traces.example.com' },
  )
})
after(async () => {
  await gateway.stop()
  await records.close()
  folder.remove()
})

async function sallyport(words: readonly string[], changes: Record<string, string | undefined> = {}) {
  const out: string[] = []
  const err: string[] = []
  const print = printTo({ write: (text) => out.push(text) }, { write: (text) => err.push(text) })
  const code = await run(words, { environment: { ...environment(), ...changes }, author: 'ann', print })
  return { code, out: out.join(''), err: err.join('') }
}

function policyFile(name: string, text: string): string {
  const path = folder.join(name)
  writeFileSync(path, text)
  return path
}

const policy = (name: string): string => `organization: { name: ${name}, domains: [example.com] }
applications:
  - name: billing
    owner: owner@example.com
    from: { networks: [10.1.0.0/24] }
routes: { default: { capture: true } }
`

test('apply makes revisions, with author and reason; the same file changes nothing', async () => {
  const one = policyFile('one.yaml', policy('one'))
  assert.deepEqual(await sallyport(['apply', one, '--reason', 'first try']), { code: 0, out: 'revision 1 holds\n', err: '' })
  assert.deepEqual(await sallyport(['apply', one]), { code: 0, out: `revision 1 holds already: ${one} changes nothing\n`, err: '' })
  assert.equal((await sallyport(['apply', policyFile('two.yaml', policy('two'))])).out, 'revision 2 holds\n')
  const { out } = await sallyport(['policy', '--revisions'])
  assert.match(out, /^REVISION {2}WHEN +AUTHOR {2}REASON\n2 +\S+ +ann\n1 +\S+ +ann +first try\n$/)
  const yaml = await sallyport(['policy'])
  assert.match(yaml.out, /^organization:\n {2}name: two\n/)
  assert.equal(JSON.parse((await sallyport(['policy', '--json'])).out).organization.name, 'two')
})

test('apply upon a revision that is not current is refused with 3 and what to do', async () => {
  const { code, out, err } = await sallyport(['apply', policyFile('x.yaml', policy('x')), '--if-revision', '1'])
  assert.deepEqual([code, out], [3, ''])
  assert.match(err, /at revision 2 by now.*apply again/)
})

test('a policy with faults is refused with 3 and every fault, by apply and by check-config', async () => {
  const path = policyFile('faulty.yaml', 'organization: { name: 5 }\napplications: no\nroutes: {}\n')
  for (const command of ['apply', 'check-config']) {
    const { code, out, err } = await sallyport([command, path])
    assert.deepEqual([code, out], [3, ''])
    assert.match(err, new RegExp(`^${path} has \\d faults; nothing was changed:\\n`))
    assert.ok(err.split('\n').filter((line) => /^ {2}line \d+, \/.+: .+\. .+/.test(line)).length >= 3, err)
  }
})

test('check-config says valid and changes nothing', async () => {
  const path = policyFile('three.yaml', policy('three'))
  assert.deepEqual(await sallyport(['check-config', path]), { code: 0, out: `${path} is valid\n`, err: '' })
  assert.match((await sallyport(['policy'])).out, /name: two/)
})

test('log-level changes what is logged for a while, says so, and ends it', async () => {
  assert.match((await sallyport(['log-level'])).out, /^every process logs as it is configured$/m)
  assert.equal((await sallyport(['log-level', 'set', 'debug'])).code, 2)
  const words = ['log-level', 'set', 'debug', '--roles', 'delivery,verdict', '--reason', 'a next hop puts off']
  assert.match((await sallyport([...words, '--for', '15m'])).out, /^delivery, verdict: debug until \S+Z, by ann$/m)
  assert.equal(JSON.parse((await sallyport(['log-level', '--json'])).out).change.level, 'debug')
  assert.match((await sallyport([...words, '--for', '0m'])).out, /as it is configured/)
})

test('trace tells what became of a message, and nothing in it steers the terminal', async () => {
  const id = newMessageId()
  for (const event of eventsOf(id)) {
    await ports.bus.publish({ topic: topics.events.name, key: id, value: eventCodec.encode(event) })
  }
  const { out } = await eventually(async () => {
    const answer = await sallyport(['trace', id])
    return answer.code === 0 && answer.out.includes('ATTEMPT') ? answer : undefined
  })
  for (const line of [
    new RegExp(`^message {6}${id}$`, 'm'),
    /^status {7}delivered$/m,
    /^sender {7}<>$/m,
    /^subject {6}Hello \ufffd\[31mred$/m,
    /^verdict {6}relay; with every check enforced: reject by domain$/m,
    /^trace {8}http:\/\/traces\.example\.com\/trace\/0af7651916cd43dd8448eb211c80319c$/m,
    /^domain +monitor +fail +reject +1 ms +not ours \(use yours\) \[domain\.x\]$/m,
    /^spam +monitor +no answer/m,
    /^a@example\.net +delivered +1 +250 ok$/m,
    /^1 +\S+Z +default +mx:25 +1 delivered$/m,
  ]) {
    assert.match(out, line)
  }
  const json = JSON.parse((await sallyport(['trace', id, '--json'])).out)
  assert.equal(json.id, id)
  const unknown = await sallyport(['trace', newMessageId()])
  assert.equal(unknown.code, 1)
  assert.match(unknown.err, /^Not found: no message .* is known/)
})

test('quarantine: list, release, drop', async () => {
  assert.equal((await sallyport(['quarantine', 'list'])).out, 'nothing is held\n')
  const id = newMessageId()
  await ports.bus.publish({ topic: topics.held.name, key: id, value: heldCodec.encode(heldRow(id)) })
  assert.match(
    (await sallyport(['quarantine', 'list'])).out,
    new RegExp(`\n${id} .* billing .* a@example\\.net and 1 more +score 9\n$`),
  )
  assert.equal((await sallyport(['quarantine', 'list', '--application', 'crm'])).out, 'nothing is held\n')
  assert.equal(JSON.parse((await sallyport(['quarantine', 'list', '--json'])).out)[0].id, id)
  assert.equal((await sallyport(['quarantine', 'release', id, '--reason', 'fine'])).code, 0)
  assert.equal((await sallyport(['quarantine', 'drop', id])).code, 2)
  assert.equal((await sallyport(['quarantine', 'drop', id, '--reason', 'spam'])).code, 0)
  const commands = ports.bus.records(topics.commands.name).map(({ value }) => commandCodec.decode(value ?? new Uint8Array()).record)
  assert.deepEqual(
    commands.map(({ kind, by, reason }) => [kind, by, reason]),
    [
      ['release', 'ann', 'fine'],
      ['drop', 'ann', 'spam'],
    ],
  )
  assert.equal((await sallyport(['quarantine', 'drop', newMessageId(), '--reason', 'spam'])).code, 1)
})

test('roles of a gateway without a policy', async () => {
  const { code, err } = await sallyport(['roles'])
  assert.equal(code, 1)
  assert.match(err, /there is no policy yet: apply one/)
})

const misused: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /^usage: sallyport COMMAND/],
  [['fly'], /^there is no command "fly"/],
  [['apply'], /^write: sallyport apply FILE/],
  [['apply', 'a', 'b'], /^write: sallyport apply FILE/],
  [['quarantine'], /^there is no command "quarantine"\n\nwrite one of:\n {2}quarantine list (?:.*\n){3}$/],
  [['queue', 'pauze'], /^there is no command "queue pauze"\n\nwrite one of:\n {2}queue (?:.*\n)*.*queue pause/],
  [['trace', '--color', 'x'], /^Unknown option '--color'\n\nwrite one of:\n {2}trace ID \[--json\] [^\n]*\n$/],
  [['trace', 'id', '--reason', 'x'], /^--reason has no meaning here/],
  [['policy', '--color'], /Unknown option '--color'/],
  [['apply', 'package.json', '--if-revision', 'two'], /takes the number of a revision/],
]
for (const [words, message] of misused) {
  test(`"${words.join(' ')}" is a wrong use: 2`, async () => {
    const { code, out, err } = await sallyport(words)
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, message)
  })
}

const failing: readonly (readonly [string, readonly string[], Record<string, string | undefined>, RegExp])[] = [
  ['no token', ['policy'], { SALLYPORT_TOKEN: undefined }, /SALLYPORT_TOKEN is not set/],
  ['a token that is none', ['policy'], { SALLYPORT_TOKEN: 't0ken\nX: y' }, /^SALLYPORT_TOKEN is no token: it is one word[^0]*$/],
  ['no address', ['policy'], { SALLYPORT_URL: '127.0.0.1:8080' }, /SALLYPORT_URL is "127\.0\.0\.1:8080".*write http:/],
  ['a wrong token', ['policy'], { SALLYPORT_TOKEN: 'wrong' }, /does not accept the token/],
  ['nobody there', ['policy'], { SALLYPORT_URL: 'http://127.0.0.1:9' }, /does not answer .*is the gateway running/],
  ['a missing file', ['apply', '/nowhere/policy.yaml'], {}, /\/nowhere\/policy\.yaml cannot be read/],
]
for (const [name, words, changes, message] of failing) {
  test(`${name}: 1, and what to do`, async () => {
    const { code, out, err } = await sallyport(words, changes)
    assert.deepEqual([code, out], [1, ''])
    assert.match(err, message)
  })
}

test('help on a command, or on those that a word begins', async () => {
  const helpOn = async (...words: string[]) => (await sallyport(words)).out
  assert.match(await helpOn('trace', '--help'), /^ {2}trace ID \[--json\] [^\n]*\n$/)
  assert.match(await helpOn('help', 'quarantine'), /^(?: {2}quarantine .*\n){3}$/)
  assert.match(await helpOn('queue', 'pause', '--help'), /^ {2}queue pause [^\n]*\n$/)
  assert.match(await helpOn('fly', '--help'), /^usage: sallyport COMMAND/)
})

test('the program: help on stdout, errors on stderr, the exit code', async () => {
  const program = join(import.meta.dirname, 'main.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--help'])
  assert.match(stdout, /^usage: sallyport COMMAND/)
  await assert.rejects(promisify(execFile)(process.execPath, [program, 'fly']), { code: 2, stdout: '', stderr: /no command/ })
})
