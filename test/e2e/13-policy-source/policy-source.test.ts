/** Where the policy comes from: a watched file that is the only source, or the API, for which a file only seeds an empty gateway. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { promisify } from 'node:util'
import { eventually, type SmtpReply, smtpClient, type TemporaryFolder, temporaryFolder } from '@sallyport/testkit'
import { api } from '../../process/api.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'

let folder: TemporaryFolder
let gateway: GatewayProcess
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(async () => {
  await gateway?.stop()
  folder.remove()
})

const policy = (name: string, mode: 'monitor' | 'enforce'): object => ({
  organization: { name, domains: ['example.com'] },
  applications: [
    {
      name: 'app',
      owner: 'owner@example.com',
      from: { networks: ['127.0.0.0/8'] },
      senders: { addresses: ['app@example.com'] },
      checks: { domain: { mode }, address: { mode } },
    },
  ],
  routes: { default: { capture: true } },
})
const start = (settings: Record<string, string>, document?: object): Promise<GatewayProcess> =>
  startGatewayProcess({
    folder: folder.path,
    ...(document ? { policy: document } : {}),
    settings: { 'log.level': 'info', ...settings },
  })

async function sendAsStranger(): Promise<SmtpReply> {
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo()
  const content = 'From: a@stranger.example\r\nSubject: x\r\n\r\nx\r\n'
  const reply = await client.send({ from: 'a@stranger.example', to: 'b@example.net', content })
  await client.quit()
  return reply
}
const organization = async (): Promise<string> => (await api(gateway, 'GET', '/api/policy')).body.organization.name

/** As a ConfigMap or an editor does it: whole, by a rename. */
function replaceFile(text: string): void {
  writeFileSync(folder.join('new.yaml'), text)
  renameSync(folder.join('new.yaml'), folder.join('policy.yaml'))
}

async function sallyport(words: readonly string[], changes: Record<string, string> = {}) {
  const main = join(import.meta.dirname, '../../../services/cli/src/main.ts')
  const environment = { SALLYPORT_URL: `http://${gateway.addresses.console}`, SALLYPORT_TOKEN: gateway.token(), ...changes }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...words], {
      env: { ...process.env, ...environment },
    })
    return { code: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, stdout, stderr }
  }
}

test('file: it is watched, an invalid one changes nothing and all faults are logged, and the API refuses changes', async () => {
  gateway = await start({ policySource: 'file' }, policy('First', 'monitor'))
  assert.equal((await sendAsStranger()).code, 250)

  const put = await api(gateway, 'PUT', '/api/policy', { body: policy('Other', 'enforce'), headers: { 'if-match': '"1"' } })
  assert.deepEqual([put.status, put.body.code], [409, 'POLICY_FILE_IS_SOURCE'])
  assert.match(put.body.detail, /change .*policy\.yaml instead, or set policySource to "api"/)
  assert.equal((await sallyport(['apply', folder.join('policy.yaml')])).code, 3)

  replaceFile('organization: { nme: x }\napplications: [{ name: A B }]\nroutes: {}\n')
  await eventually(() => gateway.log().includes('the last good revision holds'), { deadlineMs: 10_000 })
  for (const fault of ['/organization/nme', '/applications/0/owner', '/routes/default'])
    assert.ok(gateway.log().includes(fault), fault)
  assert.equal(await organization(), 'First')
  assert.equal((await sendAsStranger()).code, 250)

  replaceFile(JSON.stringify(policy('Second', 'enforce')))
  await eventually(async () => (await organization()) === 'Second', { deadlineMs: 10_000 })
  assert.equal((await eventually(async () => ((await sendAsStranger()).code === 550 ? 550 : undefined))) ?? 0, 550)
})

test('api: the file seeds an empty gateway only; apply changes it, upon the revision that its author saw', async () => {
  gateway = await start({}, policy('Seed', 'monitor'))
  writeFileSync(folder.join('mine.yaml'), JSON.stringify(policy('Mine', 'enforce')))
  const applied = await sallyport(['apply', folder.join('mine.yaml'), '--reason', 'our applications'])
  assert.deepEqual(applied, { code: 0, stdout: 'revision 2 holds\n', stderr: '' })
  assert.equal((await sendAsStranger()).code, 550)

  const conflict = await sallyport(['apply', folder.join('policy.yaml'), '--if-revision', '1'])
  assert.equal(conflict.code, 3)
  assert.match(conflict.stderr, /at revision 2 by now.*nothing was changed.*"sallyport policy"/)
  const wrong = await sallyport(['policy'], { SALLYPORT_TOKEN: 'wrong' })
  assert.equal(wrong.code, 1)
  assert.match(wrong.stderr, /does not accept the token/)

  await gateway.stop()
  writeFileSync(folder.join('policy.yaml'), JSON.stringify(policy('Changed', 'monitor')))
  gateway = await start({})
  assert.equal(await organization(), 'Mine')
  const unreachable = await sallyport(['policy'], { SALLYPORT_URL: 'http://127.0.0.1:9' })
  assert.equal(unreachable.code, 1)
  assert.match(unreachable.stderr, /does not answer .*is the gateway running/)
})
