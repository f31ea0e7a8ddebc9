import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newMessageId, overviewSchema, queueSchema } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { Compile } from 'typebox/compile'
import { judgedEvent, refusedEvents, settledEvent } from '../events.cases.ts'
import { apiStage } from './stage.cases.ts'

let stage: Awaited<ReturnType<typeof apiStage>>
let url = ''
before(async () => {
  stage = await apiStage()
  url = await stage.app.listen({ host: '127.0.0.1', port: 0 })
})
after(() => stage.close())

const headers = { authorization: 'Bearer t0ken' }

async function stream(query: string) {
  const aborting = new AbortController()
  const response = await fetch(`${url}/api/events${query}`, { headers, signal: aborting.signal })
  let text = ''
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString()
  })().catch(() => undefined)
  return {
    response,
    text: () => text,
    async stop() {
      aborting.abort()
      await reading
    },
  }
}

test('events come as they are stored, those of one application where it is named, and an overview again and again', async () => {
  const all = await stream('')
  const crm = await stream('?application=crm')
  assert.match(all.response.headers.get('content-type') ?? '', /^text\/event-stream/)
  await eventually(() => all.text().includes('event: overview') && crm.text().includes('event: overview'))
  const id = newMessageId()
  stage.live.see(settledEvent(id, 'billing', stage.ports.clock.now()))
  stage.live.see(judgedEvent(id, 'billing', stage.ports.clock.now()))
  await eventually(() => all.text().split('event: mail').length === 3)
  const line = /event: mail\ndata: (.*judged.*)\n/.exec(all.text())?.[1]
  assert.deepEqual(JSON.parse(line ?? '').violations, ['domain'])
  assert.doesNotMatch(crm.text(), /event: mail/)
  await Promise.all([all.stop(), crm.stop()])
})

test('a reader that takes nothing costs bounded memory, and is told what it missed when it reads again', async () => {
  const slow = await stage.app.inject({ url: '/api/session', headers })
  assert.equal(slow.statusCode, 200)
  const { eventStream } = await import('./event-stream.ts')
  const written: string[] = []
  const waiting = { length: 0 }
  const response = {
    writeHead: () => response,
    write: (text: string) => written.push(text),
    once: () => response,
    end: () => response,
    get writableLength() {
      return waiting.length
    },
  }
  const sse = eventStream(response as never, () => {})
  waiting.length = 300_000
  for (let count = 0; count < 100; count++) sse.send('mail', { count })
  assert.equal(written.length, 1)
  waiting.length = 0
  sse.send('mail', { count: 100 })
  assert.deepEqual(written.slice(1), ['event: lost\ndata: {"count":100}\n\n', 'event: mail\ndata: {"count":100}\n\n'])
})

test('the overview: rates, stages, what is wrong now and what to do', async () => {
  for (let count = 0; count < 20; count++)
    for (const event of refusedEvents(newMessageId(), 'billing', stage.ports.clock.now())) stage.live.see(event)
  stage.ports.clock.advance(1_500)
  const overview = (await stage.ask({ url: '/api/overview' })).json()
  assert.deepEqual([...Compile(overviewSchema).Errors(overview)], [])
  assert.ok(overview.rates.refused >= 2, JSON.stringify(overview.rates))
  assert.ok(overview.stages.some(({ role }: { role: string }) => role === 'verdict'))
  const codes = overview.problems.map(({ code }: { code: string }) => code)
  assert.ok(codes.includes('role-missing'))
  for (const { advice } of overview.problems) assert.ok(advice.length > 10)
})

test('the queue by destination, kept by the events', async () => {
  const now = stage.ports.clock.now()
  const [first, second] = [newMessageId(), newMessageId()]
  for (const id of [first, second]) {
    stage.queue.see(settledEvent(id, 'billing', now))
    await stage.append(settledEvent(id, 'billing', now))
  }
  const attempt = {
    v: 1,
    application: 'billing',
    traceparent: '',
    at: now,
    kind: 'attempted',
    attempt: 1,
    destination: 'default',
    nextHop: 'mx:25',
    tookMs: 1,
  } as const
  const put = (id: string, result: 'deferred' | 'delivered', nextAttemptAt?: number) =>
    stage.queue.see({
      ...attempt,
      id,
      recipients: [{ index: 0, address: 'a@example.net', result, reply: result === 'deferred' ? '451 later' : '250 ok' }],
      ...(nextAttemptAt === undefined ? {} : { nextAttemptAt }),
    })
  put(first, 'deferred', now + 60_000)
  put(second, 'delivered')
  // Repeats change nothing.
  stage.queue.see(settledEvent(first, 'billing', now))
  const queue = (await stage.ask({ url: '/api/queue' })).json()
  assert.deepEqual([...Compile(queueSchema).Errors(queue)], [])
  const { messages, deferred, lastReply, nextAttemptAt, isPaused } = queue.destinations[0]
  assert.deepEqual([messages, deferred, lastReply, nextAttemptAt, isPaused], [1, 1, '451 later', now + 60_000, false])
  const listed = (await stage.ask({ url: '/api/queue/messages' })).json().messages
  assert.deepEqual(
    listed.map(({ id, sender, attempts }: Record<string, unknown>) => [id, sender, attempts]),
    [[first, 'invoices@example.com', 1]],
  )
})
