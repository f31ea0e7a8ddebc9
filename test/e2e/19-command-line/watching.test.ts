/** The command line of who watches: plan, stats, ready and explain, for people and for programs, on a gateway with mail in it. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { eventually, smtpClient, temporaryFolder } from '@sallyport/testkit'
import { commandLine } from '../../process/command-line.ts'
import { type CountingSink, startCountingSink } from '../../process/counting-sink.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { oneApplication } from '../../process/policies.ts'

const folder = temporaryFolder()
let sink: CountingSink
let gateway: GatewayProcess
const sallyport = commandLine(() => gateway)
const policy = (changes: object = {}): object => ({ ...oneApplication({ nextHop: sink.port, mode: 'monitor' }), ...changes })

function policyFile(name: string, text: string): string {
  const path = folder.join(name)
  writeFileSync(path, text)
  return path
}

before(async () => {
  sink = await startCountingSink()
  gateway = await startGatewayProcess({ folder: folder.path, policy: policy() })
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo()
  for (const from of ['app@example.com', 'app@example.com', 'app@example.com', 'boss@example.com', 'who@stranger.example']) {
    const { code } = await client.send({ from, to: 'b@example.net', content: `From: ${from}\r\nSubject: x\r\n\r\nx\r\n` })
    assert.equal(code, 250)
  }
  await client.quit()
  const everyMessage = /^app +domain +monitor +fail +1\napp +domain +monitor +pass +4$/m
  await eventually(async () => everyMessage.test((await sallyport('stats')).out), { deadlineMs: 30_000, what: 'all are counted' })
})
after(async () => {
  await gateway?.stop()
  await sink?.stop()
  folder.remove()
})

test('plan: each change with its sign, and the command that applies exactly it', async () => {
  const path = policyFile(
    'bigger.yaml',
    JSON.stringify(policy({ organization: { name: 'Example', domains: ['example.com', 'example.org'] } })),
  )
  const { code, out, err } = await sallyport('plan', path)
  assert.equal(code, 0)
  assert.match(err, /^warning: line 1, .*"\*@sub\.example\.com" is not authorized/)
  assert.match(out, /^\+ \/organization\/domains\/example\.org: "example\.org"$/m)
  assert.match(out, new RegExp(`^1 added, 0 changed, 0 removed upon revision 1: sallyport apply ${path} --if-revision 1$`, 'm'))
  const json = JSON.parse((await sallyport('plan', path, '--json')).out)
  assert.deepEqual([json.valid, json.from, json.changes.length], [true, 1, 1])
  assert.equal(
    (await sallyport('plan', folder.join('policy.yaml'))).out,
    `${folder.join('policy.yaml')} changes nothing upon revision 1\n`,
  )
})

test('plan of a policy with faults: 3, every fault with its line, also for programs', async () => {
  const path = policyFile('faulty.yaml', 'organization: { name: 5 }\napplications: no\nroutes: {}\n')
  const { code, out, err } = await sallyport('plan', path)
  assert.deepEqual([code, out], [3, ''])
  assert.match(err, /has \d faults; nothing was changed:\n {2}line 1, \/organization/)
  const json = await sallyport('plan', path, '--json')
  assert.equal(json.code, 3)
  assert.equal(JSON.parse(json.out).valid, false)
  assert.match((await sallyport('plan', folder.join('none.yaml'))).err, /none\.yaml cannot be read/)
})

test('stats: by what is asked for, in steps, narrowed', async () => {
  const { out } = await sallyport('stats', '--by', 'check,outcome', '--check', 'address', '--step', 'day')
  assert.match(out, /^FROM +CHECK +OUTCOME +MESSAGES\n\d{4}-\d\d-\d\dT00:00:00\.000Z +address +fail +2\n\S+ +address +pass +3\n$/)
  const json = JSON.parse((await sallyport('stats', '--application', 'app', '--by', 'check,action', '--since', '1h', '--json')).out)
  assert.equal(
    json.rows.find((row: { check: string; action: string }) => row.check === 'domain' && row.action === 'reject').messages,
    1,
  )
  assert.deepEqual(await sallyport('stats', '--application', 'nobody'), {
    code: 0,
    out: 'nothing was counted in that time\n',
    err: '',
  })
})

for (const [words, message] of [
  [['stats', '--by', 'colour'], /by.*application.*check.*mode.*outcome/s],
  [['stats', '--step', 'year'], /step.*hour.*day/s],
  [['stats', '--since', 'yesterday'], /--since takes a time such as 24h, 7d or 2026-01-31, not "yesterday"/],
] as const) {
  test(`"${words.join(' ')}" says what it takes`, async () => {
    const { code, out, err } = await sallyport(...words)
    assert.equal(out, '')
    assert.notEqual(code, 0)
    assert.match(err, message)
  })
}

test('ready: 3 while what is watched is not safe, what would have suffered, how to mend it, and an example that can be traced', async () => {
  const { code, out } = await sallyport('ready', 'app')
  assert.equal(code, 3)
  assert.match(out, /^app, owner owner@example\.com$/m)
  assert.match(out, /^address +monitor +1 +5 +2 +0 +0 +0 +no$/m)
  assert.match(out, /^domain: Not yet: 1 of 5 messages would have suffered\./m)
  assert.match(out, /^ {2}1 x domain\.envelope-not-authorized: .*stranger\.example/m)
  assert.match(out, /^ {4}fix: Send as /m)
  const id = /see: sallyport trace (\S+)/.exec(out)?.[1] ?? ''
  assert.match((await sallyport('trace', id)).out, /^status +delivered$/m)
  const json = await sallyport('ready', 'app', '--json')
  assert.equal(json.code, 3)
  assert.equal(JSON.parse(json.out).checks.find(({ check }: { check: string }) => check === 'domain').wouldReject, 1)
  const unknown = await sallyport('ready', 'nobody')
  assert.deepEqual([unknown.code, unknown.out], [1, ''])
  assert.match(unknown.err, /^Not found: there is no application "nobody": known are/)
})

test('explain: who a client is, what it may, 3 where nobody is known', async () => {
  const known = await sallyport('explain', '--from', '127.0.0.9', '--sender', 'boss@example.com')
  assert.equal(known.code, 0)
  assert.match(known.out, /^application {2}app, by network$/m)
  assert.match(known.out, /^domain +monitor +pass +example\.com is authorized$/m)
  assert.match(known.out, /^address +monitor +fail +it is none of the 2 registered addresses of app$/m)
  const json = JSON.parse((await sallyport('explain', '--from', '127.0.0.9', '--json')).out)
  assert.deepEqual([json.application, json.policyRevision], ['app', 1])
  const stranger = await sallyport('explain', '--from', '192.0.2.1')
  assert.deepEqual([stranger.code, stranger.out], [3, 'no application is recognized by revision 1: it is answered 550 5.7.1\n'])
  assert.match((await sallyport('explain')).err, /^write: sallyport explain --from IP/)
  const nonsense = await sallyport('explain', '--from', 'mail.example.com')
  assert.deepEqual([nonsense.code, nonsense.out], [2, ''])
  assert.match(nonsense.err, /--from takes an IP address, not "mail\.example\.com"/)
})

test('explain of an enforced check: 3 where the sender would be refused', async () => {
  const path = policyFile('enforced.yaml', JSON.stringify(oneApplication({ nextHop: sink.port, mode: 'enforce' })))
  assert.equal((await sallyport('apply', path, '--reason', 'enough watched')).code, 0)
  const refused = () => sallyport('explain', '--from', '127.0.0.9', '--sender', 'boss@example.com')
  await eventually(async () => (await refused()).code === 3, { deadlineMs: 30_000 })
  assert.equal((await sallyport('explain', '--from', '127.0.0.9', '--sender', 'app@example.com')).code, 0)
})
