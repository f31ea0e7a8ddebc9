/** Backup and restore: what one gateway knew, another knows; and nothing else is taken for a backup. */
import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { eventually, smtpClient, temporaryFolder } from '@sallyport/testkit'
import { commandLine } from '../../process/command-line.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'

const folder = temporaryFolder()
const policy = {
  organization: { name: 'Example', domains: ['example.com'] },
  applications: [{ name: 'app', owner: 'owner@example.com', from: { networks: ['127.0.0.0/8'] } }],
  routes: { default: { capture: true } },
}
let old: GatewayProcess
let fresh: GatewayProcess
const onOld = commandLine(() => old)
const onFresh = commandLine(() => fresh)
const ids: string[] = []
const file = folder.join('backup.gz')

before(async () => {
  const other = { ...policy, organization: { name: 'Empty', domains: ['example.org'] } }
  ;[old, fresh] = await Promise.all([
    startGatewayProcess({ folder: folder.join('old'), policy }),
    startGatewayProcess({ folder: folder.join('fresh'), policy: other }),
  ])
  const client = await smtpClient({ port: old.port('smtp') })
  await client.ehlo()
  for (const from of ['app@example.com', 'who@stranger.example', 'app@example.com']) {
    const { text } = await client.send({ from, to: 'b@example.net', content: `From: ${from}\r\n\r\nx\r\n` })
    ids.push(text.split(' ').at(-1) ?? '')
  }
  await client.quit()
  const isWhole = async (id: string): Promise<boolean> =>
    /^domain .*^b@example\.net +delivered/ms.test((await onOld('trace', id)).out)
  for (const id of ids) await eventually(() => isWhole(id), { deadlineMs: 30_000, what: `${id} is known whole` })
})
after(async () => {
  await Promise.all([old?.stop(), fresh?.stop()])
  folder.remove()
})

test('backup writes a file for nobody else, and never over another', async () => {
  const { code, out, err } = await onOld('backup', file)
  assert.deepEqual([code, err], [0, ''])
  const events = Number(/^the policy and (\d+) events are in /.exec(out)?.[1])
  assert.ok(events >= 9, out)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n')
  assert.equal(JSON.parse(lines[0] ?? '').policy.organization.name, 'Example')
  assert.deepEqual([lines.length, JSON.parse(lines.at(-1) ?? '')], [events + 2, { sallyport: 'end', events }])
  const again = await onOld('backup', file)
  assert.deepEqual([again.code, again.out], [1, ''])
  assert.match(again.err, /it exists already: name a new file/)
  const json = JSON.parse((await onOld('backup', folder.join('second.gz'), '--json')).out)
  assert.deepEqual(json, { file: folder.join('second.gz'), events })
})

test('on a terminal both show how far they have come, and leave nothing of it', async () => {
  const person = commandLine(() => old, { isTTY: true })
  const made = await person('backup', folder.join('third.gz'))
  assert.match(made.err, /events: \d+/)
  const restored = await person('restore', folder.join('third.gz'), '--reason', 'the same again')
  assert.match(restored.err, /events checked: \d+/)
  assert.match(restored.err, /events: \[#{30}\] (\d+) of \1/)
  for (const { code, out, err } of [made, restored]) {
    assert.deepEqual([code, out.split('\n').length], [0, 2])
    assert.ok(err.endsWith('\r\u001b[K'))
  }
})

test('a backup that could not be made leaves no file behind', async () => {
  const away = commandLine(() => ({ addresses: { console: '127.0.0.1:9' }, token: () => 't0ken' }))
  const path = folder.join('none.gz')
  const { code, err } = await away('backup', path)
  assert.equal(code, 1)
  assert.match(err, /does not answer/)
  assert.throws(() => statSync(path), { code: 'ENOENT' })
})

test('restore makes another gateway know the same, also twice', async () => {
  const why = ['--reason', 'the machine was replaced']
  assert.equal((await onFresh('trace', ids[0] ?? '')).code, 1)
  const first = await onFresh('restore', file, ...why)
  assert.deepEqual([first.code, first.err], [0, ''])
  assert.match(first.out, /^\d+ events are restored, and revision 2 holds\n$/)
  const asOn = async (sallyport: typeof onOld): Promise<unknown> => ({
    traces: await Promise.all(ids.map(async (id) => (await sallyport('trace', id)).out)),
    counted: (await sallyport('stats', '--by', 'application,check,outcome', '--application', 'app')).out,
    policy: (await sallyport('policy')).out,
  })
  const there = await asOn(onOld)
  assert.deepEqual(await asOn(onFresh), there)
  const second = await onFresh('restore', file, ...why, '--json')
  assert.equal(JSON.parse(second.out).policyRevision, 2)
  assert.deepEqual(await asOn(onFresh), there)
  assert.match((await onFresh('policy', '--revisions')).out, /^2 .* the machine was replaced$/m)
})

test('what is no whole backup changes nothing', async () => {
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n')
  const broken: Readonly<Record<string, Uint8Array>> = {
    'no gzip': Buffer.from('{}'),
    'cut off': readFileSync(file).subarray(0, 200),
    'without its end': gzipSync(lines.slice(0, -1).join('\n')),
    'an event short': gzipSync([...lines.slice(0, 1), ...lines.slice(2)].join('\n')),
    'something else': gzipSync('{"hello":1}\n'),
  }
  const before = (await onFresh('policy', '--revisions')).out
  for (const [name, bytes] of Object.entries(broken)) {
    const path = folder.join(`${name}.gz`)
    writeFileSync(path, bytes)
    const { code, out, err } = await onFresh('restore', path, '--reason', 'x')
    assert.deepEqual([code, out], [1, ''], name)
    assert.match(err, /cannot be read as a backup|no backup, or not a whole one: nothing was changed/, name)
  }
  assert.equal((await onFresh('policy', '--revisions')).out, before)
  assert.match((await onFresh('restore', folder.join('away.gz'), '--reason', 'x')).err, /away\.gz cannot be read/)
  assert.equal((await onFresh('restore', file)).code, 2)
})
