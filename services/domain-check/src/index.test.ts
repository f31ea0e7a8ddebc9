import assert from 'node:assert/strict'
import { test } from 'node:test'
import { annotationCodec, newMessageId, receivedCodec, topics } from '@sallyport/contracts'
import { compilePolicy } from '@sallyport/policy'
import { eventually, memoryContent, testPorts } from '@sallyport/testkit'
import { startDomainCheck } from './index.ts'

const compiled = compilePolicy(
  {
    organization: { name: 'Example', domains: ['example.com'] },
    applications: [{ name: 'billing', owner: 'billing-team@example.com', from: {} }],
    routes: { default: { capture: true } },
  },
  1,
)

test('the role annotates what it is asked about', async () => {
  const ports = { ...testPorts({ compiled }), content: memoryContent() }
  const role = await startDomainCheck(ports, { concurrency: 8 })
  assert.equal(role.name, 'domain-check')
  assert.deepEqual(role.readiness(), { ready: true, waitingFor: [] })
  const header = Buffer.from('From: Boss <boss@partner.example>\r\n\r\n')
  const id = newMessageId()
  const received = receivedCodec.encode(
    {
      v: 1,
      kind: 'received',
      message: {
        id,
        application: 'billing',
        policyRevision: 1,
        traceparent: '',
        receivedAt: ports.clock.now(),
        client: { address: '10.0.0.1', helo: 'app' },
        sender: 'invoices@example.com',
        recipients: [{ index: 0, address: 'customer@partner.example' }],
      },
      content: { kind: 'inline', contentBytes: header.length, headerBytes: header.length },
      checks: ['domain'],
      budgetMs: 20_000,
      annotateTo: { topic: topics.annotations.name, partition: 1 },
    },
    header,
  )
  ports.clock.setNow(Date.now())
  await ports.bus.publish({ topic: topics.received.name, key: id, value: received })
  const record = await eventually(() => ports.bus.records(topics.annotations.name)[0])
  const annotation = annotationCodec.decode(record.value ?? new Uint8Array(0)).record
  assert.ok(annotation.kind === 'annotation')
  assert.equal(annotation.outcome, 'fail')
  assert.equal(annotation.reasons[0]?.rule, 'domain.from-not-authorized')
  await role.stop()
})

test('a setting that does not fit is refused', async () => {
  const ports = { ...testPorts({ compiled }), content: memoryContent() }
  await assert.rejects(startDomainCheck(ports, { concurrency: 0 }))
})
