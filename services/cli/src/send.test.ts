import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { freePort, type SmtpSink, smtpSink } from '@sallyport/testkit'
import { printTo } from './print.ts'
import { run } from './run.ts'

let sink: SmtpSink
before(async () => {
  sink = await smtpSink()
})
after(() => sink.stop())

async function send(...words: readonly string[]) {
  const out: string[] = []
  const err: string[] = []
  const print = printTo({ write: (text) => out.push(text) }, { write: (text) => err.push(text) })
  const code = await run(['send', ...words], { environment: {}, author: 'ann', print })
  return { code, out: out.join(''), err: err.join('') }
}
const addresses = ['--from', 'invoices@example.com', '--to', 'you@example.net']

test('send hands a message over and shows every reply; it needs no token', async () => {
  const { code, out, err } = await send(...addresses, '--subject', 'hello', '--server', sink.address)
  assert.deepEqual([code, err], [0, ''])
  assert.match(out, /^220 [\s\S]*250[ -][\s\S]*354 [\s\S]*\n250 [^\n]*\n$/)
  const [message] = sink.messages
  assert.equal(message?.sender, 'invoices@example.com')
  assert.match(
    Buffer.from(message?.content ?? '').toString(),
    /^From: <invoices@example\.com>\r\n[\s\S]*Subject: hello\r\n[\s\S]*\r\n\r\nA try/,
  )
})

test('a refusal is shown, and ends with 3', async () => {
  sink.recipientReplies.set('nobody@example.net', '550 5.1.1 nobody of that name')
  const { code, out } = await send('--from', 'a@example.com', '--to', 'nobody@example.net', '--server', sink.address)
  assert.equal(code, 3)
  assert.match(out, /\n550 5\.1\.1 nobody of that name\n$/)
})

const mistakes: readonly (readonly [string, readonly string[], number, RegExp])[] = [
  ['no recipient', ['--from', 'a@example.com'], 2, /write: sallyport send --from ADDRESS --to ADDRESS/],
  ['a second command in an address', ['--from', 'a@example.com>\r\nRSET', '--to', 'b@example.com'], 2, /no line ends/],
  ['no port', [...addresses, '--server', 'localhost'], 2, /--server takes host:port/],
  ['a flag of another command', [...addresses, '--reason', 'x'], 2, /--reason has no meaning here/],
]
for (const [name, words, exit, says] of mistakes) {
  test(`send refuses ${name}`, async () => {
    const { code, err } = await send(...words)
    assert.equal(code, exit)
    assert.match(err, says)
  })
}

test('nobody there: 1, and what to look at', async () => {
  const { code, err } = await send(...addresses, '--server', `127.0.0.1:${await freePort()}`)
  assert.equal(code, 1)
  assert.match(err, /does not answer \(ECONNREFUSED\): is the gateway running/)
})
