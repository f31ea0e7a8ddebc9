/** No secret and no password is ever written to the log, to stdout or into an answer of the API, whatever goes wrong. */
import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { eventually, type SmtpSink, smtpClient, smtpSink, temporaryFolder, testCertificates } from '@sallyport/testkit'
import { api } from '../../process/api.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'

const folder = temporaryFolder()
const { server, ca, caPath } = testCertificates()
const secrets = {
  token: 'console-t0ken-9d1f',
  password: 'pa55word-of-app-77c2',
  wrongPassword: 'wr0ng-password-31e8',
  relayPassword: 'relay-pa55word-5b6a',
  staleRelayPassword: 'stale-relay-pa55word-e0f4',
}
const salt = Buffer.from('0123456789abcdef')
const phc = (password: string): string => {
  const [saltText, hash] = [salt, scryptSync(password, salt, 32, { N: 2 ** 12, r: 8, p: 1 })].map((bytes) =>
    bytes.toString('base64').replace(/=+$/, ''),
  )
  return `$scrypt$ln=12,r=8,p=1$${saltText}$${hash}`
}

let sink: SmtpSink
let gateway: GatewayProcess

const secretFile = (name: string, text: string): void => writeFileSync(folder.join('secrets', name), `${text}\n`)

before(async () => {
  sink = await smtpSink({ tls: server, users: { gateway: secrets.relayPassword } })
  mkdirSync(folder.join('secrets'))
  secretFile('api-token', secrets.token)
  secretFile('app-password', phc(secrets.password))
  secretFile('relay-password', secrets.staleRelayPassword)
  gateway = await startGatewayProcess({
    folder: folder.path,
    policy: {
      organization: { name: 'Example', domains: ['example.com'] },
      applications: [
        {
          name: 'app',
          owner: 'owner@example.com',
          from: { auth: [{ user: 'app', secret: 'app-password' }] },
          senders: { addresses: ['app@example.com'] },
        },
      ],
      routes: { default: { smarthost: `localhost:${sink.port}`, tls: 'required', user: 'gateway', secret: 'relay-password' } },
    },
    settings: {
      'console.token': 'secret:api-token',
      'smtp.tls.certificate': server.certPath,
      'smtp.tls.key': server.keyPath,
      'delivery.tlsCa': caPath,
      'delivery.tierMs.1m': '200',
      'delivery.retryTiers': '1m',
      'delivery.avoidHopMs': '100',
      'log.level': 'trace',
    },
  })
})
after(async () => {
  await gateway?.stop()
  await sink?.stop()
  folder.remove()
})

async function client() {
  const smtp = await smtpClient({ port: gateway.port('smtp') })
  await smtp.ehlo()
  await smtp.startTls({ ca, servername: 'localhost' })
  await smtp.ehlo()
  return smtp
}

const ask = (path: string, token: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://${gateway.addresses.console}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } })

test('wrong and right passwords, a next hop that refuses ours, wrong and right tokens: nothing of them is written', async () => {
  const said: string[] = []
  const stranger = await client()
  assert.equal((await stranger.authPlain('app', secrets.wrongPassword)).code, 535)
  await stranger.quit()

  const application = await client()
  assert.equal((await application.authPlain('app', secrets.password)).code, 235)
  const content = 'From: app@example.com\r\nSubject: the secret plan\r\n\r\nx\r\n'
  const reply = await application.send({ from: 'app@example.com', to: 'b@example.net', content })
  assert.equal(reply.code, 250, reply.text)
  await application.quit()
  const path = `/api/messages/${reply.text.split(' ').at(-1)}`

  const record = async (): Promise<ReturnType<typeof JSON.parse>> => {
    const text = await (await ask(path, secrets.token)).text()
    said.push(text)
    return JSON.parse(text)
  }
  await eventually(async () => ((await record()).attempts ?? []).length > 0, { deadlineMs: 10_000 })
  secretFile('relay-password', secrets.relayPassword)
  await eventually(async () => (await record()).status === 'delivered', { deadlineMs: 20_000 })

  assert.equal((await ask(path, secrets.wrongPassword)).status, 401)
  assert.equal((await ask(`${path}?token=${secrets.token}`, secrets.token)).status, 200)
  for (const one of ['/api/policy', '/api/policy/revisions', '/api/applications', '/api/lag', '/api/quarantine']) {
    said.push(await (await ask(one, secrets.token)).text())
  }
  const literal = JSON.stringify({ routes: { default: { smarthost: 'a:25', user: 'u', password: secrets.relayPassword } } })
  const refused = await ask('/api/policy', secrets.token, { method: 'PUT', headers: { 'if-match': '"1"' }, body: literal })
  assert.equal(refused.status, 422)
  said.push(await refused.text(), await (await fetch(`http://${gateway.addresses.health}/metrics`)).text())

  const written = [gateway.log(), ...said].join('\n')
  const id = reply.text.split(' ').at(-1)
  const lines = gateway
    .log()
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
  // One line for each decision, each with the message and its trace; nobody's address and no subject in any.
  const traceId = String((await record()).traceparent).split('-')[1]
  for (const [decision, expected] of [
    ['settled', { role: 'ingress', outcome: 'relay', reply: '250 2.6.0', application: 'app' }],
    ['judged', { role: 'verdict', action: 'relay', application: 'app' }],
    ['attempted', { role: 'delivery', destination: 'default', attempt: 1, application: 'app' }],
  ] as const) {
    const line = lines.find(({ msg, id: of }) => msg === decision && of === id)
    assert.ok(line, `no line "${decision}" of ${id}`)
    assert.equal(line.trace_id, traceId)
    for (const [name, value] of Object.entries(expected)) assert.equal(line[name], value, `${decision}: ${name}`)
  }
  for (const told of ['app@example.com', 'b@example.net', 'secret plan']) assert.ok(!gateway.log().includes(told), told)
  for (const secret of [...Object.values(secrets), phc(secrets.password)]) {
    for (const form of [secret, Buffer.from(secret).toString('base64'), Buffer.from(`\0app\0${secret}`).toString('base64')]) {
      assert.ok(
        !written.includes(form),
        `"${form}" is written: ${written.slice(Math.max(0, written.indexOf(form) - 200)).slice(0, 400)}`,
      )
    }
  }
  assert.ok(!written.includes(readFileSync(folder.join('data/gateway.key')).toString('hex')))
})

test('the API wants its token for everything', async () => {
  const withToken = await api({ ...gateway, token: () => secrets.token }, 'GET', '/api/policy')
  assert.equal(withToken.status, 200)
  for (const [method, path] of [
    ['GET', '/api/policy'],
    ['PUT', '/api/policy'],
    ['GET', '/api/messages'],
    ['POST', '/api/quarantine/x/release'],
    ['GET', '/api/nothing'],
  ] as const) {
    assert.equal((await ask(path, '', { method })).status, 401, `${method} ${path}`)
  }
})
