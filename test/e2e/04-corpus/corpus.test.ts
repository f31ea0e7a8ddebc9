/** Thousands of real messages: each is relayed byte for byte but for our headers, or refused for a stated reason. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  eventually,
  type SmtpClient,
  type SmtpReply,
  type SmtpSink,
  smtpClient,
  smtpSink,
  temporaryFolder,
} from '@sallyport/testkit'
import { putPolicy } from '../../process/api.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { oneApplication } from '../../process/policies.ts'

/** Specimens made by others, beside the repository, never in it; and never sent anywhere but to loopback. */
const archive = join(import.meta.dirname, '../../../../shared/corpus/mail.tar.xz')
const skip = !existsSync(process.env.SALLYPORT_CORPUS ?? archive) && 'the corpus is not beside the repository'
const connections = 16

interface Outcome {
  readonly path: string
  readonly content: Buffer
  readonly reply: SmtpReply
}

const folder = temporaryFolder()
let sink: SmtpSink
let gateway: GatewayProcess
let paths: readonly string[] = []

before(async () => {
  if (skip) return
  execFileSync('tar', ['-xJf', process.env.SALLYPORT_CORPUS ?? archive, '-C', folder.path])
  paths = readdirSync(folder.join('mail'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.eml'))
    .sort()
  sink = await smtpSink()
  gateway = await startGatewayProcess({ folder: folder.path, policy: oneApplication({ nextHop: sink.port, mode: 'monitor' }) })
})
after(async () => {
  await gateway?.kill()
  await sink?.stop()
  folder.remove()
})

test('monitor: every message is relayed byte for byte, or refused for what it is', { skip, timeout: 180_000 }, async (t) => {
  assert.ok(paths.length > 8_000, `only ${paths.length} messages`)
  const outcomes = await sendAll(paths)
  t.diagnostic(`monitor: ${table(outcomes)}`)
  const accepted = outcomes.filter(({ reply }) => reply.code === 250)
  await eventually(() => sink.messages.length >= accepted.length, { deadlineMs: 60_000 }).catch(() => {})
  const relayed = new Map(sink.messages.map(({ content }) => [idIn(content), content]))
  assert.equal(relayed.size, sink.messages.length, 'a message came twice')
  const changed = accepted.filter(({ content, reply }) => !isRelayed(content, relayed.get(idOf(reply))))
  assert.deepEqual(
    changed.map(({ path }) => path),
    [],
  )
  for (const { path, reply } of outcomes) if (reply.code !== 250) assertStatesWhy(path, reply)
  assert.ok(accepted.length > outcomes.length * 0.95, 'watching alone must not refuse what others deliver')
})

test('enforce: every refusal names its rule', { skip, timeout: 120_000 }, async (t) => {
  await putPolicy(gateway, oneApplication({ nextHop: sink.port, mode: 'enforce' }))
  const every = Math.floor(paths.length / 500)
  const outcomes = await sendAll(paths.filter((_, index) => index % every === 0).slice(0, 500))
  t.diagnostic(`enforce: ${table(outcomes)}`)
  for (const { path, reply } of outcomes) if (reply.code !== 250) assertStatesWhy(path, reply)
  assert.ok(outcomes.filter(({ reply }) => reply.code === 550).length > 400, 'strangers in From were not refused')
})

/** Over kept connections, in parallel. A connection that the gateway ends is replaced. */
async function sendAll(todo: readonly string[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  let next = 0
  async function lane(): Promise<void> {
    let client = await connected()
    for (let index = next++; index < todo.length; index = next++) {
      const path = todo[index] ?? ''
      const content = asSent(readFileSync(folder.join('mail', path)))
      if (client.isClosed) client = await connected()
      let reply = await client.send({ from: 'app@example.com', to: 'b@example.net', content })
      if (reply.code === 421) {
        client = await connected()
        reply = await client.send({ from: 'app@example.com', to: 'b@example.net', content })
      }
      outcomes.push({ path, content, reply })
    }
    await client.quit()
  }
  await Promise.all(Array.from({ length: connections }, lane))
  assert.equal(outcomes.length, todo.length)
  return outcomes
}

async function connected(): Promise<SmtpClient> {
  const client = await smtpClient({ port: gateway.port('smtp'), timeoutMs: 30_000 })
  await client.ehlo()
  return client
}

/** What a sender makes of a file: without the mbox line, every line ended in CRLF. */
function asSent(file: Buffer): Buffer {
  const text = file
    .toString('latin1')
    .replace(/^From .*\r?\n/, '')
    .replace(/\r\n|\r|\n/g, '\r\n')
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1')
}

const ourFields = /^Received: [^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*X-Sallyport-Id: ([0-9a-f-]{36})\r\n/

const idOf = (reply: SmtpReply): string => reply.text.split(' ').at(-1) ?? ''
const idIn = (content: Buffer): string => ourFields.exec(content.subarray(0, 2_000).toString('latin1'))?.[1] ?? ''

function isRelayed(sent: Buffer, relayed: Buffer | undefined): boolean {
  if (relayed === undefined) return false
  const added = ourFields.exec(relayed.subarray(0, 2_000).toString('latin1'))?.[0]
  return added !== undefined && relayed.subarray(added.length).equals(sent)
}

function assertStatesWhy(path: string, reply: SmtpReply): void {
  const said = `${path}: ${reply.text}`
  assert.ok(reply.code >= 500 && reply.code < 560, said)
  assert.match(reply.enhanced ?? '', /^5\.\d+\.\d+$/, said)
  assert.match(reply.text, /From|header|Received|domain|address|authorized|mail loop/i, said)
}

/** Replies and how often each came, with what differs from message to message left out. */
function table(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, number>()
  for (const { reply } of outcomes) {
    const reason = reply.text
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '(id)')
      .replace(/\S+@\S+|"[^"]*"|\b[\w-]+(\.[\w-]+)+\b/g, '…')
      .replace(/\s+/g, ' ')
    const line = reason.slice(0, 120)
    counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  const rows = [...counts].sort(([, a], [, b]) => b - a).slice(0, 20)
  return `${outcomes.length} messages\n${rows.map(([line, count]) => `${String(count).padStart(6)}  ${line}`).join('\n')}`
}
