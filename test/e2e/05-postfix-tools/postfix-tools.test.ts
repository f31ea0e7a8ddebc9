/** Debian's `smtp-source` on one side and `smtp-sink` on the other: peers that nobody here wrote. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { eventually, freePort, temporaryFolder } from '@sallyport/testkit'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { oneApplication } from '../../process/policies.ts'

const messages = 2_000
const sessions = 20
const contentBytes = 10_240
const source = installed('smtp-source')
const sinkProgram = installed('smtp-sink')
const skip = !(source && sinkProgram) && 'smtp-source and smtp-sink are not installed (Debian: postfix)'

const folder = temporaryFolder()
const dumps = folder.join('dumps')
let gateway: GatewayProcess
let sink: ReturnType<typeof spawn> | undefined

before(async () => {
  if (skip) return
  mkdirSync(dumps)
  // The sink drops its privileges, and must still come to its folder and write there.
  chmodSync(folder.path, 0o711)
  chmodSync(dumps, 0o777)
  const port = await freePort()
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  sink = spawn(sinkProgram ?? '', [...user, '-d', `${dumps}/m.`, `127.0.0.1:${port}`, '1000'], { stdio: 'ignore' })
  await eventually(() => answers(port), { what: 'smtp-sink listens' })
  gateway = await startGatewayProcess({ folder: folder.path, policy: oneApplication({ nextHop: port, mode: 'enforce' }) })
})
after(async () => {
  await gateway?.stop()
  if (sink?.exitCode === null) {
    const ended = new Promise((resolve) => sink?.once('exit', resolve))
    sink.kill('SIGTERM')
    await ended
  }
  folder.remove()
})

for (const { name, words } of [
  { name: 'kept connections', words: ['-d'] },
  { name: 'a new connection for each message', words: [] },
]) {
  test(`${messages} messages over ${name} all arrive, once and whole`, { skip, timeout: 120_000 }, async () => {
    const before = new Set(readdirSync(dumps))
    const from = ['-f', 'app@example.com', '-t', 'b@example.net']
    const load = ['-s', String(sessions), '-m', String(messages), '-l', String(contentBytes)]
    const ended = spawn(source ?? '', [...words, ...from, ...load, `127.0.0.1:${gateway.port('smtp')}`], { stdio: 'pipe' })
    let said = ''
    ended.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const code = await new Promise((resolve) => ended.once('exit', resolve))
    assert.equal(code, 0, said)
    const arrived = (): string[] => readdirSync(dumps).filter((file) => !before.has(file))
    await eventually(() => arrived().length >= messages, { deadlineMs: 60_000, what: 'every message arrives' })
    // The sink writes an empty line behind each message when it is whole.
    await eventually(() => arrived().every((file) => readFileSync(`${dumps}/${file}`, 'latin1').endsWith('X\n\n')))
    const ids = new Set<string>()
    const bodies = new Set<string>()
    for (const file of arrived()) {
      const text = readFileSync(`${dumps}/${file}`, 'latin1')
      const [, id = '', content = ''] = /^X-Sallyport-Id: (\S+)\n([\s\S]*)$/m.exec(text) ?? []
      assert.match(text, /^X-Mail-Args: <app@example\.com>/m)
      assert.match(text, /^X-Rcpt-Args: <b@example\.net>/m)
      ids.add(id)
      // The header differs: the source writes the number of the message into Message-Id, with or without leading digits.
      bodies.add(content.slice(content.indexOf('\n\n')))
    }
    assert.equal(ids.size, messages)
    assert.equal(arrived().length, messages)
    assert.equal(bodies.size, 1, `bodies differ: ${[...bodies].map((body) => body.length)}`)
    for (const body of bodies) assert.ok(body.length > contentBytes - 250 && body.length < contentBytes, `${body.length} bytes`)
  })
}
function installed(program: string): string | undefined {
  for (const folderName of [...(process.env.PATH ?? '').split(':'), '/usr/sbin']) {
    try {
      execFileSync('test', ['-x', `${folderName}/${program}`])
      return `${folderName}/${program}`
    } catch {
      // not there
    }
  }
  return undefined
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
