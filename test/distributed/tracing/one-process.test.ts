/** One message is one trace in a real Jaeger, from the SMTP transaction to the last attempt, over a retry and a restart. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually, type SmtpSink, smtpClient, smtpSink, temporaryFolder } from '@sallyport/testkit'
import { goMissing } from '../../infra/go-program.ts'
import { type Jaeger, startJaeger } from '../../infra/jaeger.ts'
import { api } from '../../process/api.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { oneApplication } from '../../process/policies.ts'
import { drawn, parentOf, tag, traceTree } from './trace-tree.ts'

const folder = temporaryFolder()
const skip = goMissing
let jaeger: Jaeger
let sink: SmtpSink
let gateway: GatewayProcess

const start = (ratio: string): Promise<GatewayProcess> =>
  startGatewayProcess({
    folder: folder.path,
    policy: oneApplication({ nextHop: sink.port, mode: 'enforce' }),
    settings: { 'tracing.endpoint': jaeger.endpoint, 'tracing.ratio': ratio, 'delivery.tierMs.1m': '1000' },
  })

before(async () => {
  if (skip) return
  jaeger = await startJaeger()
  sink = await smtpSink()
  gateway = await start('1')
})
after(async () => {
  await gateway?.stop()
  await sink?.stop()
  await jaeger?.stop()
  folder.remove()
})

async function send(from: string, to: string): Promise<{ readonly code: number; readonly id: string; readonly text: string }> {
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo('app.example.com')
  const content = `From: <${from}>\r\nTo: <${to}>\r\nSubject: the secret plan\r\n\r\nbody\r\n`
  const reply = await client.send({ from, to: [to], content })
  await client.quit()
  const id = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(reply.text)?.[0] ?? ''
  return { code: reply.code, id, text: reply.text }
}

const traceIdOf = async (id: string): Promise<string> => {
  const { body } = await eventually(async () => {
    const answer = await api(gateway, 'GET', `/api/messages/${id}`)
    return answer.status === 200 ? answer : undefined
  })
  return String(body.traceparent).split('-')[1] ?? ''
}

test('a relayed message: one tree, no orphan, every step below what led to it', { skip }, async () => {
  const { code, id } = await send('app@example.com', 'b@example.net')
  assert.equal(code, 250)
  const traceId = await traceIdOf(id)
  const tree = await eventually(
    async () => {
      const trace = await jaeger.trace(traceId)
      const found = trace && traceTree(trace)
      return found && found.all('deliver').length === 1 && found.all('smtp transaction').length === 1 ? found : undefined
    },
    { deadlineMs: 20_000, what: 'the whole trace' },
  )
  const picture = drawn(tree.roots)
  assert.equal(tree.orphans.length, 0, picture)
  assert.deepEqual(
    tree.roots.map(({ name }) => name),
    ['smtp transaction'],
    picture,
  )
  for (const [child, parent] of [
    ['wait for the verdict', 'smtp transaction'],
    ['send mail.received', 'wait for the verdict'],
    ['process mail.received', 'send mail.received'],
    ['check domain', 'process mail.received'],
    ['send mail.annotations', undefined],
    ['verdict', 'process mail.annotations'],
    ['send the reply', 'verdict'],
    ['send mail.decided', 'smtp transaction'],
    ['process mail.decided', 'send mail.decided'],
    ['send mail.outbound.normal', 'process mail.decided'],
    ['deliver', undefined],
  ] as const) {
    const [node] = tree.all(child)
    assert.ok(node, `no span "${child}" in\n${picture}`)
    if (parent === undefined) continue
    assert.ok(
      tree.all(parent).some(({ span }) => span.spanID === parentOf(node.span)),
      `"${child}" is not below "${parent}" in\n${picture}`,
    )
  }
  const [root] = tree.roots
  assert.ok(root)
  assert.equal(tag(root.span, 'mail.message.id'), id)
  const [byId] = await jaeger.find('sallyport', { 'mail.message.id': id })
  assert.equal(byId?.traceID, traceId)
  const text = JSON.stringify(await jaeger.trace(traceId))
  for (const secret of ['app@example.com', 'b@example.net', 'secret plan']) assert.equal(text.includes(secret), false, secret)
})

test('a refused message is kept at any ratio; a relayed one is not; a retry after a restart links to the attempt before', {
  skip,
}, async () => {
  await gateway.stop()
  gateway = await start('0')
  const refused = await send('app@elsewhere.example', 'b@example.net')
  assert.equal(refused.code, 550)
  const relayed = await send('app@example.com', 'b@example.net')
  sink.recipientReplies.set('busy@example.net', '451 4.2.1 try later')
  const deferred = await send('app@example.com', 'busy@example.net')
  assert.equal(deferred.code, 250)
  const refusedTrace = await traceIdOf(refused.id)
  const deferredTrace = await traceIdOf(deferred.id)
  await eventually(
    async () => {
      const trace = await jaeger.trace(deferredTrace)
      return trace && traceTree(trace).all('deliver').length >= 1
    },
    { deadlineMs: 20_000 },
  )
  await gateway.stop()
  sink.recipientReplies.clear()
  gateway = await start('0')
  const tree = await eventually(
    async () => {
      const trace = await jaeger.trace(deferredTrace)
      const found = trace && traceTree(trace)
      const last = found?.all('deliver').at(-1)
      return found &&
        last &&
        tag(last.span, 'mail.dispositions') !== undefined &&
        found.all('deliver').some(({ span }) => String(tag(span, 'mail.dispositions')).includes('delivered'))
        ? found
        : undefined
    },
    { deadlineMs: 60_000, what: 'the attempt after the restart' },
  )
  const picture = drawn(tree.roots)
  assert.equal(tree.orphans.length, 0, picture)
  assert.equal(tree.roots.length, 1, picture)
  const attempts = tree.all('deliver').toSorted((a, b) => Number(tag(a.span, 'mail.attempt')) - Number(tag(b.span, 'mail.attempt')))
  assert.ok(attempts.length >= 2, picture)
  for (const [index, attempt] of attempts.entries()) {
    const before = attempts[index - 1]
    if (before)
      assert.ok(
        attempt.span.references.some(({ spanID, refType }) => refType === 'FOLLOWS_FROM' && spanID === before.span.spanID),
        picture,
      )
  }
  const refusal = traceTree(await eventually(() => jaeger.trace(refusedTrace)))
  assert.equal(refusal.orphans.length, 0, drawn(refusal.roots))
  for (const name of ['check domain', 'check address', 'verdict']) assert.equal(refusal.all(name).length, 1, drawn(refusal.roots))
  assert.equal(await jaeger.trace(await traceIdOf(relayed.id)), undefined)
})
