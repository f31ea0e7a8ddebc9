/** The checker in Python that docs/add-a-checker.md shows, taken from the page as it stands, judges mail of a running cluster. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually, smtpClient, temporaryFolder } from '@sallyport/testkit'
import { pythonMissing, pythonWith } from '../../infra/python.ts'
import { startServer } from '../../infra/server-process.ts'
import { type Cluster, clusterMissing, startCluster } from '../cluster/cluster.ts'
import { enforcedAddress } from '../cluster/policy.ts'

const page = join(import.meta.dirname, '../../../docs/add-a-checker.md')
const packages = ['confluent-kafka==2.16.1']
const missing = clusterMissing || pythonMissing

async function send(cluster: Cluster, token: string, classification: string): Promise<{ code: number; text: string }> {
  const client = await smtpClient({ port: cluster.smtpPort(), localAddress: enforcedAddress, timeoutMs: 60_000 })
  try {
    await client.ehlo()
    const from = 'app@example.com'
    const content = `From: ${from}\r\nSubject: x\r\nX-Token: ${token}\r\nX-Classification: ${classification}\r\n\r\nHello\r\n`
    return await client.send({ from, to: 'b@example.net', content })
  } finally {
    await client.quit().catch(() => {})
  }
}

test('in CI nothing is missing for the checker in Python', () => {
  if (process.env.CI) assert.equal(missing, false)
})

test('a checker in Python: enforced, it has some mail rejected and other relayed, with two verdict processes', {
  skip: missing,
}, async () => {
  const [, program = ''] = /^```python checker\.py\n(.*?)^```$/ms.exec(readFileSync(page, 'utf8')) ?? []
  assert.ok(program.length > 1000, 'the page shows the checker')
  const folder = temporaryFolder()
  writeFileSync(folder.join('checker.py'), program)
  const checks = { domain: { mode: 'off' }, address: { mode: 'off' }, spam: { mode: 'off' }, internal: { mode: 'enforce' } }
  await using cluster = await startCluster({ policy: { enforced: { checks, retries: true } } })
  await cluster.startAll([['console'], ['verdict'], ['verdict'], ['delivery'], ['ingress']])
  const checker = await startServer({
    program: await pythonWith('checker', packages),
    words: ['-u', folder.join('checker.py')],
    env: { KAFKA_BROKERS: cluster.servers.kafka.bootstrap.join(',') },
    answers: async () => true,
  })
  try {
    const verdicts = cluster.processes.filter(({ roles }) => roles.includes('verdict'))
    const decided = (): Promise<number[]> =>
      Promise.all(verdicts.map((process) => process.metric('sallyport_verdict_verdicts_total', 'application="enforced"')))
    // Which verdict process joins a message goes by its partition: until both have had one.
    const relayed: string[] = []
    let rejected = 0
    for (let round = 0; round < 40 && (round < 6 || (await decided()).some((count) => count === 0)); round++) {
      const token = `python-${round}`
      const isInternal = round % 2 === 0
      const reply = await send(cluster, token, isInternal ? 'Internal' : 'public')
      const context = `${reply.code} ${reply.text}\n${checker.output()}`
      assert.equal(reply.code, isInternal ? 550 : 250, context)
      if (isInternal) {
        assert.match(reply.text, /marked as internal/)
        rejected++
      } else relayed.push(token)
    }
    assert.ok(
      (await decided()).every((count) => count > 0),
      `both verdict processes decided: ${await decided()}`,
    )
    assert.ok(rejected >= 3 && relayed.length >= 3)
    await eventually(() => relayed.every((token) => cluster.sink.received.has(token)), { deadlineMs: 60_000 })
    assert.deepEqual([...cluster.sink.received.keys()].sort(), relayed.sort(), 'nothing that was rejected left')
    assert.equal(checker.output(), '')
  } finally {
    await checker.stop()
    folder.remove()
  }
})
