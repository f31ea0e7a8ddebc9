import assert from 'node:assert/strict'
import { utimesSync, writeFileSync } from 'node:fs'
import { after, afterEach, test } from 'node:test'
import { type Annotation, annotationCodec, newMessageId, type Received, receivedCodec, topics } from '@sallyport/contracts'
import { type CompiledPolicy, compilePolicy, type PolicyDocument } from '@sallyport/policy'
import type { RunningRole } from '@sallyport/runtime'
import { eventually, fixedPolicyView, recordingLogger, type TestPorts, temporaryFolder, testPorts } from '@sallyport/testkit'
import { startAddressCheck } from './index.ts'

const folder = temporaryFolder()
after(() => folder.remove())
let running: RunningRole | undefined
afterEach(() => running?.stop())

let seconds = 1_700_000_000
function write(name: string, addresses: readonly string[]): void {
  writeFileSync(folder.join(name), addresses.map((address) => `${address}\n`).join(''))
  utimesSync(folder.join(name), seconds, ++seconds)
}

function policy(revision: number, directories: readonly string[]): CompiledPolicy {
  const document: PolicyDocument = {
    organization: { name: 'Example', domains: ['example.com'] },
    directories: Object.fromEntries(directories.map((name) => [name, { file: `${name}.txt` }])),
    applications: [
      {
        name: 'crm',
        owner: 'crm-team@example.com',
        from: { networks: ['10.2.0.0/24'] },
        senders: { directories: [...directories] },
        checks: { address: { mode: 'enforce' } },
      },
      { name: 'web', owner: 'web@example.com', from: {}, senders: { addresses: ['web@example.com'] } },
    ],
    routes: { default: { capture: true } },
  }
  return compilePolicy(document, revision)
}

async function started(compiled?: CompiledPolicy) {
  const { log, lines } = recordingLogger()
  const ports = testPorts({ log, policy: fixedPolicyView(compiled) })
  const role = await startAddressCheck(ports, { directoryFolder: folder.path, pollMs: 10 })
  running = role
  return { ports, role, lines }
}

/** Asks for the check of a message from this address, and answers with what it says. */
async function judge(
  ports: TestPorts,
  address: string,
  options: { revision?: number; application?: string } = {},
): Promise<Annotation> {
  const content = Buffer.from(`From: <${address}>\r\n\r\nHello\r\n`)
  const headerBytes = content.indexOf('Hello')
  const id = newMessageId()
  const received: Received = {
    v: 1,
    kind: 'received',
    message: {
      id,
      application: options.application ?? 'crm',
      policyRevision: options.revision ?? 1,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      receivedAt: 0,
      client: { address: '10.2.0.1', helo: 'client.example.com' },
      sender: address,
      recipients: [{ index: 0, address: 'customer@partner.example' }],
    },
    content: { kind: 'inline', contentBytes: content.byteLength, headerBytes },
    checks: ['address'],
    budgetMs: 1_000_000_000,
    annotateTo: { topic: topics.annotations.name, partition: 1 },
    again: true,
  }
  await ports.bus.publish({ topic: topics.received.name, key: id, value: receivedCodec.encode(received, content) })
  return await eventually(() => {
    for (const { key, value } of ports.bus.records(topics.annotations.name)) {
      const record = key === id && value ? annotationCodec.decode(value).record : undefined
      if (record?.kind === 'annotation') return record
    }
    return undefined
  })
}

const rulesOf = ({ outcome, reasons }: Annotation) => [outcome, ...reasons.map(({ rule }) => rule)]
const refused = ['fail', 'address.envelope-not-authorized', 'address.from-not-authorized']

test('a directory is in use when the role has started, and its revision is named', async () => {
  write('staff.txt', ['anna@example.com'])
  const { ports, role } = await started(policy(1, ['staff']))
  const annotation = await judge(ports, 'anna@example.com')
  assert.equal(annotation.outcome, 'pass')
  assert.match(annotation.directoryRevision ?? '', /^staff:[0-9a-f]{16}$/)
  assert.deepEqual(rulesOf(await judge(ports, 'carl@example.com')), refused)
  assert.deepEqual(role.readiness(), { ready: true, waitingFor: [] })
  assert.equal(role.name, 'address-check')
})

test('a changed file is picked up without a restart', async () => {
  write('staff.txt', ['anna@example.com'])
  const { ports } = await started(policy(1, ['staff']))
  const before = await judge(ports, 'carl@example.com')
  write('staff.txt', ['anna@example.com', 'carl@example.com'])
  await eventually(async () => (await judge(ports, 'carl@example.com')).outcome === 'pass')
  const after = await judge(ports, 'carl@example.com')
  assert.notEqual(after.directoryRevision, before.directoryRevision)
})

test('a file that loses more than half stays out of use: ready, noted, counted, in evidence; then it is confirmed', async () => {
  write('staff.txt', ['a@example.com', 'b@example.com', 'c@example.com', 'd@example.com', 'e@example.com'])
  const { ports, role, lines } = await started(policy(1, ['staff']))
  write('staff.txt', ['a@example.com'])
  await eventually(() => role.readiness().waitingFor.length > 0)
  const [note = ''] = role.readiness().waitingFor
  assert.match(note, /^directory staff to be confirmed: write [0-9a-f]{16} to .*staff\.txt\.confirm/)
  assert.equal(role.readiness().ready, true)
  assert.equal((await judge(ports, 'e@example.com')).outcome, 'pass')
  const stranger = await judge(ports, 'z@example.com')
  assert.deepEqual(stranger.reasons[0]?.evidence?.directoriesHeldBack, ['staff'])
  assert.match(await ports.metrics.metrics(), /sallyport_address_directory_held_back\{directory="staff"\} 1/)
  assert.equal(lines.filter(({ level }) => level === 50).length, 1)

  writeFileSync(folder.join('staff.txt.confirm'), /write ([0-9a-f]{16})/.exec(note)?.[1] ?? '')
  await eventually(async () => (await judge(ports, 'e@example.com')).outcome === 'fail')
  assert.deepEqual(role.readiness().waitingFor, [])
})

test('a file that is not there makes its applications unavailable and nobody else, until it comes', async () => {
  const { ports, role } = await started(policy(1, ['late']))
  assert.deepEqual(rulesOf(await judge(ports, 'anna@example.com')), ['unavailable', 'address.directory-unavailable'])
  assert.equal((await judge(ports, 'web@example.com', { application: 'web' })).outcome, 'pass')
  assert.equal(role.readiness().ready, true)
  assert.match(role.readiness().waitingFor[0] ?? '', /^directory late to become readable: ENOENT.*nothing is in use for it$/)
  write('late.txt', ['anna@example.com'])
  await eventually(async () => (await judge(ports, 'anna@example.com')).outcome === 'pass')
})

test('a new revision brings its directories with it; messages of the old one are still judged by theirs', async () => {
  write('old.txt', ['anna@example.com'])
  write('new.txt', ['carl@example.com'])
  const { ports } = await started(policy(1, ['old']))
  ports.policy.replace(policy(2, ['new']))
  assert.equal((await judge(ports, 'carl@example.com', { revision: 2 })).outcome, 'pass')
  assert.equal((await judge(ports, 'anna@example.com', { revision: 2 })).outcome, 'fail')
  assert.equal((await judge(ports, 'anna@example.com', { revision: 1 })).outcome, 'pass')
})

test('the first policy may come after the start', async () => {
  write('staff2.txt', ['anna@example.com'])
  const { ports, role } = await started()
  assert.equal(role.readiness().ready, false)
  ports.policy.replace(policy(1, ['staff2']))
  assert.equal((await judge(ports, 'anna@example.com')).outcome, 'pass')
  assert.deepEqual(role.readiness(), { ready: true, waitingFor: [] })
})

test('directories that no revision names any more are let go', async () => {
  write('first.txt', ['anna@example.com'])
  const { ports } = await started(policy(1, ['first']))
  const names = async () =>
    [...(await ports.metrics.metrics()).matchAll(/directory_addresses\{directory="(\w+)"\}/g)].map(([, name]) => name)
  assert.deepEqual(await names(), ['first'])
  ports.policy.replace(policy(2, []))
  ports.policy.replace(policy(3, []))
  assert.deepEqual(await names(), [])
})

test('settings that do not fit are refused', async () => {
  await assert.rejects(startAddressCheck(testPorts(), { pollMs: 0 }))
})
