/** The broker that the other tests stand on: it comes back on its data after a kill. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startKafka } from '../../infra/kafka.ts'
import { kafkaMissing } from '../../infra/kafka-libraries.ts'

test('a broker that was killed starts again', { skip: kafkaMissing }, async () => {
  const kafka = await startKafka()
  try {
    const [broker] = kafka.brokers
    assert.ok(broker?.process)
    await broker.kill()
    assert.equal(broker.process, undefined)
    await broker.start()
    assert.ok(broker.process)
  } finally {
    await kafka.remove()
  }
})
