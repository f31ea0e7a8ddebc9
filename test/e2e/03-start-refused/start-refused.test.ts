/** What keeps the gateway from starting: each time a clear error that says what to do, and nothing lost. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { eventually, smtpClient, smtpSink, temporaryFolder, testCertificates } from '@sallyport/testkit'
import { failedStart, startGatewayProcess } from '../../process/gateway-process.ts'
import { oneApplication } from '../../process/policies.ts'

const policy = oneApplication({ nextHop: 9, mode: 'enforce' })
const isRoot = process.getuid?.() === 0

test('a second process on the data folder is refused by name, and the first goes on', async () => {
  using folder = temporaryFolder()
  const sink = await smtpSink()
  const first = await startGatewayProcess({ folder: folder.path, policy: oneApplication({ nextHop: sink.port, mode: 'enforce' }) })
  try {
    const second = await failedStart({ folder: folder.path, policy })
    assert.match(second.log, new RegExp(`${first.pid}`))
    assert.match(second.log, /in use|used by/)
    assert.notEqual(second.code, 0)
    const client = await smtpClient({ port: first.port('smtp') })
    await client.ehlo()
    const reply = await client.send({
      from: 'app@example.com',
      to: 'b@example.net',
      content: 'From: app@example.com\r\nSubject: x\r\n\r\nx\r\n',
    })
    assert.equal(reply.code, 250)
    await client.quit()
    await eventually(() => sink.messages.length === 1)
  } finally {
    await first.stop()
    await sink.stop()
  }
})

test('a port that is taken is named, with the setting to change', async () => {
  using folder = temporaryFolder()
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const address = taken.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    for (const setting of ['smtp.listen', 'console.listen', 'health.listen']) {
      const { log, code } = await failedStart({ folder: folder.path, policy, settings: { [setting]: `127.0.0.1:${port}` } })
      assert.match(log, new RegExp(`127\\.0\\.0\\.1:${port} is in use`), setting)
      assert.match(log, new RegExp(setting.replace('.', '\\.')), setting)
      assert.notEqual(code, 0)
    }
  } finally {
    taken.close()
  }
})

test('a policy with ten faults is refused with all ten', async () => {
  using folder = temporaryFolder()
  const application = {
    name: 'Bad Name',
    owner: 'nobody',
    from: { networks: ['10.0.0.0/33'] },
    sender: {},
    checks: { domain: { mode: 'on' }, spam: { mode: 'enforce' } },
    route: 'elsewhere',
  }
  const broken = {
    organisation: 1,
    organization: { name: 'Example', domains: ['not a domain'], networks: ['0.0.0.0/0'] },
    unregistered: { mode: 'enforce' },
    applications: [application],
    routes: { default: { smarthost: 'no-port-here:x' } },
  }
  const { log } = await failedStart({ folder: folder.path, policy: broken })
  for (const place of [
    'organisation',
    'organization/domains/0',
    'unregistered/mode',
    'applications/0/name',
    'applications/0/owner',
    'applications/0/from/networks/0',
    'applications/0/sender',
    'applications/0/checks/domain/mode',
    'routes/default',
  ]) {
    assert.ok(log.includes(place), `${place} is not named in:\n${log}`)
  }
  assert.ok(!existsSync(folder.join('data/content/anything')))
})

test('a configuration with faults is refused with all of them and exit code 2', async () => {
  using folder = temporaryFolder()
  const { code, log } = await failedStart({
    folder: folder.path,
    policy,
    settings: { 'smtp.lisen': 'x', 'bus.partitions': '0', 'log.level': 'loud' },
  })
  assert.equal(code, 2)
  for (const path of ['smtp.lisen', 'bus.partitions', 'log.level']) assert.ok(log.includes(path), log)
})

test('a TLS file that is missing is told before anything is written', async () => {
  using folder = temporaryFolder()
  const { server } = testCertificates()
  const tls = { 'smtp.tls.certificate': server.certPath, 'smtp.tls.key': folder.join('key.pem') }
  const { code, log } = await failedStart({ folder: folder.path, policy, settings: { ...tls, 'log.level': 'loud' } })
  assert.equal(code, 2)
  assert.match(log, /smtp\.tls\.key: .*key\.pem cannot be read/)
  assert.match(log, /log\.level/)
  assert.ok(!existsSync(folder.join('data')), 'the data folder was made')
})

test('a misspelt environment variable is named in the log; that one and those of Kubernetes let it start', async () => {
  using folder = temporaryFolder()
  const environment = { SALLYPORT_SMPT_LISTEN: '127.0.0.1:25', SALLYPORT_SMTP_PORT: 'tcp://10.96.0.7:25' }
  const gateway = await startGatewayProcess({ folder: folder.path, policy, environment })
  try {
    assert.match(gateway.log(), /SALLYPORT_SMPT_LISTEN is not a setting/)
    assert.match(gateway.log(), /did you mean SALLYPORT_SMTP_LISTEN\?/)
    assert.doesNotMatch(gateway.log(), /SALLYPORT_SMTP_PORT/)
  } finally {
    await gateway.stop()
  }
})

test('a data folder that cannot be written says what to do', {
  skip: isRoot && !canDropPrivileges() && 'root may write everywhere here',
}, async () => {
  using folder = temporaryFolder()
  mkdirSync(folder.join('data'))
  writeFileSync(folder.join('data/in-the-way'), '')
  // A file where a folder must be: also root cannot write there.
  const { log, code } = await failedStart({ folder: folder.path, policy, settings: { data: folder.join('data/in-the-way') } })
  assert.match(log, /data folder/)
  assert.match(log, /set data to another folder|writable/)
  assert.notEqual(code, 0)
})

test('a read-only data folder says what to do', { skip: !canDropPrivileges() && 'needs root and mount' }, async () => {
  using folder = temporaryFolder()
  mkdirSync(folder.join('data'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', folder.join('data')])
  try {
    const { log, code } = await failedStart({ folder: folder.path, policy })
    assert.match(log, /read-only|not writable|cannot be/i)
    assert.match(log, /writable|another folder/)
    assert.notEqual(code, 0)
  } finally {
    execFileSync('umount', [folder.join('data')])
  }
})

test('a store whose file is damaged is refused by name and left as it is', async () => {
  using folder = temporaryFolder()
  const gateway = await startGatewayProcess({ folder: folder.path, policy })
  await gateway.stop()
  const file = folder.join('data/bus/data.mdb')
  chmodSync(file, 0o600)
  const fd = openSync(file, 'r+')
  writeSync(fd, Buffer.alloc(16_384, 0x5a), 0, 16_384, 0)
  const damaged = readFileSync(file).subarray(0, 16_384)
  const { log, code } = await failedStart({ folder: folder.path, policy })
  assert.match(log, /corrupt|damaged/i)
  assert.match(log, /backup|move it/i)
  assert.notEqual(code, 0)
  assert.ok(readFileSync(file).subarray(0, 16_384).equals(damaged), 'the damaged file was changed')
})

function canDropPrivileges(): boolean {
  if (!isRoot) return false
  using probe = temporaryFolder()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe.path], { stdio: 'ignore' })
    execFileSync('umount', [probe.path], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
