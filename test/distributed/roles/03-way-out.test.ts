/** What waits in Kafka is seen, read and taken along without being taken from delivery, also by a console that comes later. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { promisify } from 'node:util'
import { eventually, type TemporaryFolder, temporaryFolder } from '@sallyport/testkit'
import { type ApiReply, api } from '../../process/api.ts'
import { type Cluster, checkers, clusterMissing, startCluster } from '../cluster/cluster.ts'
import { sendOne } from '../cluster/send-one.ts'

const run = promisify(execFile)
const cli = join(import.meta.dirname, '../../../services/cli/src/main.ts')
const deadlineMs = 60_000
const pause = { destination: 'default', reason: 'the next hop is being moved' }
/** Inline in every record, and in the object store. */
const sizes: Readonly<Record<string, number>> = { small: 500, larger: 20_000, large: 150_000 }

suite('the way out of the distributed gateway', { skip: clusterMissing }, () => {
  let cluster: Cluster
  let folder: TemporaryFolder
  let ids: ReadonlyMap<string, string>
  before(async () => {
    folder = temporaryFolder('sallyport-way-out-')
    cluster = await startCluster()
    await cluster.startAll([['console'], [...checkers, 'verdict'], ['delivery'], ['ingress']])
  })
  after(async () => {
    await cluster?.stop()
    folder?.remove()
  })

  const console = () => cluster.process('console').gateway
  const waiting = async (): Promise<number> => (await api(console(), 'GET', '/api/queue')).body.messages
  const order = (what: string): Promise<ApiReply> => api(console(), 'POST', `/api/queue/${what}`, { body: pause })
  const content = async (id: string): Promise<Response> =>
    await fetch(`http://${console().addresses.console}/api/messages/${id}/content`, {
      headers: { authorization: `Bearer ${console().token()}` },
    })
  const tokenIn = (text: string): string | undefined => /^X-Token: (\w+)\r$/m.exec(text)?.[1]

  test('what waits is read, and stays where it is', { timeout: 240_000 }, async () => {
    await sendOne({ port: cluster.smtpPort(), token: 'before' })
    await eventually(() => cluster.sink.received.has('before'), { deadlineMs })
    assert.equal((await order('pause')).status, 202)
    const sent = await Promise.all(
      Object.entries(sizes).map(async ([token, bodyBytes]) => {
        const { code, id } = await sendOne({ port: cluster.smtpPort(), token, bodyBytes })
        assert.equal(code, 250)
        return [token, id] as const
      }),
    )
    ids = new Map(sent)
    await eventually(async () => (await waiting()) === 3, { deadlineMs, what: 'three are seen waiting' })
    for (const [token, id] of ids) assert.equal(tokenIn(await (await content(id)).text()), token)
    assert.ok(!Object.keys(sizes).some((token) => cluster.sink.received.has(token)))
  })

  test('a console that starts anew, with nothing of its own, sees the same, and exports it', { timeout: 240_000 }, async () => {
    await cluster.process('console').kill()
    const successor = await cluster.start(['console'])
    const gateway = successor.gateway
    const read = await eventually(
      async () => {
        const { body } = await api(gateway, 'GET', '/api/queue')
        return body.messages === 3 && body
      },
      { deadlineMs, what: 'the queue is read' },
    )
    assert.equal(read.destinations[0].isPaused, true)
    const out = folder.join('out')
    const environment = { ...process.env, SALLYPORT_URL: `http://${gateway.addresses.console}`, SALLYPORT_TOKEN: gateway.token() }
    const { stdout } = await run(process.execPath, [cli, 'export-queue', out, '--json'], { env: environment })
    assert.equal(JSON.parse(stdout).messages, 3)
    assert.deepEqual(readdirSync(out).sort(), [...ids.values()].flatMap((id) => [`${id}.eml`, `${id}.json`]).sort())
    for (const [token, id] of ids) {
      const text = readFileSync(join(out, `${id}.eml`), 'latin1')
      assert.equal(tokenIn(text), token)
      assert.ok(text.length > (sizes[token] ?? 0))
      const { sender, recipients } = JSON.parse(readFileSync(join(out, `${id}.json`), 'utf8'))
      assert.deepEqual([sender, recipients[0].address], ['app@example.com', 'b@example.net'])
    }
    assert.equal((await api(gateway, 'POST', '/api/queue/resume', { body: pause })).status, 202)
    await eventually(() => Object.keys(sizes).every((token) => cluster.sink.received.get(token) === 1), { deadlineMs })
    await eventually(async () => (await api(gateway, 'GET', '/api/queue')).body.messages === 0, { deadlineMs })
    const [id = ''] = ids.values()
    const gone = await fetch(`http://${gateway.addresses.console}/api/messages/${id}/content`, {
      headers: { authorization: `Bearer ${gateway.token()}` },
    })
    assert.equal(gone.status, 404)
  })
})
