import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { eventCodec, newMessageId, topics } from '@sallyport/contracts'
import { openSqliteRecords } from '@sallyport/records'
import { eventually, memoryContent, memoryLedger, memoryLimiter, temporaryFolder, testPorts } from '@sallyport/testkit'
import { settledEvent } from './events.cases.ts'
import { policyText } from './policy.cases.ts'
import { startConsole } from './start-console.ts'

test('an event becomes an answer; the file seeds the policy; the token is made; a stop closes everything', async () => {
  using folder = temporaryFolder()
  const ports = testPorts()
  const records = await openSqliteRecords({ path: folder.join('records.db') })
  const policyFile = folder.join('policy.yaml')
  writeFileSync(policyFile, policyText('seed'))
  const role = await startConsole(
    { ...ports, records, content: memoryContent(), ledger: memoryLedger(), limiter: memoryLimiter() },
    { data: folder.path, port: 0, policyFile, batchMs: 2 },
  )
  assert.deepEqual(role.readiness(), { ready: true, waitingFor: [] })
  const token = readFileSync(folder.join('console-token'), 'utf8').trim()
  const get = (path: string) => fetch(`http://${role.addresses.console}${path}`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal((await get('/api/policy')).headers.get('etag'), '"1"')
  const id = newMessageId()
  await ports.bus.publish({ topic: topics.events.name, key: id, value: eventCodec.encode(settledEvent(id)) })
  const answer = await eventually(async () => {
    const response = await get(`/api/messages/${id}`)
    return response.status === 200 ? response.json() : undefined
  })
  assert.equal((answer as { id: string }).id, id)
  // The answer may come before the batch that stored it is counted.
  await eventually(async () => (await ports.metrics.metrics()).includes('sallyport_console_events_total 1'))
  await role.stop()
  await assert.rejects(get('/api/policy'))
  await records.close()
})

test('what cannot be started leaves nothing behind and says what to do', async () => {
  using folder = temporaryFolder()
  const records = await openSqliteRecords({ path: folder.join('records.db') })
  const first = await startConsole(
    { ...testPorts(), records, content: memoryContent(), ledger: memoryLedger(), limiter: memoryLimiter() },
    { data: folder.path, port: 0, token: 't' },
  )
  const port = Number(first.addresses.console.split(':').at(-1))
  const start = (settings: Partial<Parameters<typeof startConsole>[1]>) =>
    startConsole(
      { ...testPorts(), records, content: memoryContent(), ledger: memoryLedger(), limiter: memoryLimiter() },
      { data: folder.path, port: 0, token: 't', ...settings },
    )
  await assert.rejects(start({ port }), { code: 'PORT_IN_USE', message: /console\.listen/ })
  await assert.rejects(start({ policySource: 'file' }), { code: 'CONFIG_INVALID' })
  writeFileSync(folder.join('faulty.yaml'), 'a: 1')
  await assert.rejects(start({ policyFile: folder.join('faulty.yaml') }), { code: 'POLICY_INVALID' })
  await assert.rejects(start({ token: 'secret:none' }), { code: 'SECRET_MISSING' })
  await first.stop()
  await records.close()
})
