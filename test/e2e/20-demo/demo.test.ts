/** The demo: six applications play their day, and what each of them does wrong is found, counted, and told with its fix. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { temporaryFolder } from '@sallyport/testkit'
import { api } from '../../process/api.ts'
import { type CommandLine, commandLine } from '../../process/command-line.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'

const folder = temporaryFolder()
let gateway: GatewayProcess
const sallyport = commandLine(() => gateway, { isTTY: true })
const demo: CommandLine = (...words) => sallyport('demo', '--server', `127.0.0.1:${gateway.port('smtp')}`, ...words)

before(async () => {
  const policy = {
    organization: { name: 'Own', domains: ['example.com'] },
    applications: [{ name: 'own', owner: 'owner@example.com', from: { networks: ['10.0.0.0/8'] } }],
    routes: { default: { capture: true } },
  }
  gateway = await startGatewayProcess({ folder: folder.path, policy })
})
after(async () => {
  await gateway?.stop()
  folder.remove()
})

test('a policy of somebody is not replaced unasked', async () => {
  const { code, out, err } = await demo()
  assert.deepEqual([code, out], [3, ''])
  assert.match(err, /"npm run demo -- --apply" puts the policy of the demo in its place/)
  assert.equal((await api(gateway, 'GET', '/api/policy')).headers.get('etag'), '"1"')
})

type Row = Readonly<Record<'application' | 'check' | 'outcome', string> & { messages: number }>

/** By application, the messages and what is found in them, as `check: messages`. */
const expected: Readonly<Record<string, readonly [number, Readonly<Record<string, number>>]>> = {
  'demo-billing': [44, {}],
  'demo-crm': [33, { domain: 33, address: 33 }],
  'demo-monitoring': [48, { address: 48 }],
  'demo-portal': [22, { address: 22 }],
  // At least: its bucket fills while the day is played.
  'demo-newsletter': [160, { throttle: 100 }],
  'demo-printer': [33, { spam: 33 }],
}

test('the day is played, on a terminal with a bar, and says what was found and where to look', async () => {
  const { code, out, err } = await demo('--apply', '--for', '4s')
  assert.equal(code, 0, err)
  assert.match(out, /^revision 2 of the policy knows the applications of the demo/m)
  assert.match(err, /hours: \[#+\.*\] \d+ of 24/)
  assert.match(out, /^340 messages were sent\. What was found in them:$/m)
  assert.match(out, /^demo-billing +44 +0 +nothing$/m)
  assert.match(out, /^demo-crm +33 +33 +33 address, 33 domain$/m)
  assert.match(out, /^demo-portal +22 +22 +22 address$/m)
  assert.match(out, /^demo-printer +33 +33 +33 spam$/m)
  assert.ok(out.includes(`http://${gateway.addresses.console}/applications/demo-portal`))
})

test('the statistics of the gateway show each application with its violations, and nobody else', async () => {
  const { body } = await api(gateway, 'GET', '/api/statistics?by=application,check,outcome')
  const rows: readonly Row[] = body.rows
  for (const [name, [messages, violations]] of Object.entries(expected)) {
    const own = rows.filter(({ application }) => application === name)
    assert.equal(
      own.filter(({ check }) => check === 'domain').reduce((sum, row) => sum + row.messages, 0),
      messages,
      name,
    )
    const failed = own.filter(({ outcome }) => outcome === 'fail')
    assert.deepEqual(failed.map(({ check }) => check).toSorted(), Object.keys(violations).toSorted(), name)
    for (const row of failed) {
      const atLeast = violations[row.check] ?? 0
      assert.ok(row.check === 'throttle' ? row.messages >= atLeast : row.messages === atLeast, `${name}: ${JSON.stringify(row)}`)
    }
  }
  assert.deepEqual([...new Set(rows.map(({ application }) => application))].toSorted(), Object.keys(expected).toSorted())
})

test('watching changed nothing: every message left; where to look leads somewhere', async () => {
  const captured = readdirSync(folder.join('data/captured')).filter((name) => name.endsWith('.eml'))
  assert.equal(captured.length, 340)
  assert.equal((await sallyport('ready', 'demo-crm')).code, 3)
  const explained = await sallyport('explain', '--from', '127.1.0.2', '--sender', 'customer1@customer.example.org')
  assert.match(explained.out, /^application {2}demo-crm, by network$/m)
  assert.match(explained.out, /^domain +monitor +fail/m)
  const found = await api(gateway, 'GET', '/api/messages?sender=invoices%40example.com&limit=200')
  const applications = new Set(found.body.messages.map(({ application }: { application: string }) => application))
  assert.deepEqual([...applications].toSorted(), ['demo-billing', 'demo-portal'])
})
