import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SpanKind } from '@opentelemetry/api'
import { topics } from '@sallyport/contracts'
import { eventually, memoryBus } from '@sallyport/testkit'
import { inSpan } from './spans.ts'
import { tracedBus } from './traced-bus.ts'
import { withTracing } from './tracing.cases.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const value = Buffer.from('x')
const received = topics.received.name

test('publish and handling are spans of one trace, each below the other, and what the handler does is below both', () =>
  withTracing({}, async ({ exported }) => {
    const plain = memoryBus()
    const bus = tracedBus(plain, 'sallyport')
    await bus.consume({ group: 'g', topics: [received], handle: () => inSpan('work', {}, () => {}) })
    await bus.publish({ topic: received, key: 'id', headers: { traceparent, other: 'kept' }, value })
    await eventually(() => exported().length === 3)
    const byName = new Map(exported().map((span) => [span.name, span]))
    const [send, process, work] = ['send mail.received', 'process mail.received', 'work'].map((name) => byName.get(name))
    assert.equal(send?.parentSpanContext?.spanId, 'b7ad6b7169203331')
    assert.equal(process?.parentSpanContext?.spanId, send?.spanContext().spanId)
    assert.equal(work?.parentSpanContext?.spanId, process?.spanContext().spanId)
    assert.deepEqual([send?.kind, process?.kind], [SpanKind.PRODUCER, SpanKind.CONSUMER])
    assert.equal(send?.attributes['messaging.destination.name'], received)
    assert.equal(process?.attributes['messaging.consumer.group.name'], 'g')
    assert.equal(plain.records(received)[0]?.headers.other, 'kept')
    await bus.close()
  }))

test('a publish that fails ends its span as failed', () =>
  withTracing({}, async ({ exported }) => {
    const plain = memoryBus()
    plain.faults.publish = () => new Error('down')
    const published = tracedBus(plain, 'sallyport').publish({ topic: received, key: 'id', headers: { traceparent }, value })
    await assert.rejects(published, /down/)
    await eventually(() => exported().length === 1)
    assert.equal(exported()[0]?.status.code, 2)
    await plain.close()
  }))

test('events and tables carry the place as it is, without spans; so does a record without one', () =>
  withTracing({ ratio: 1 }, async ({ exported }) => {
    const plain = memoryBus()
    const bus = tracedBus(plain, 'sallyport')
    let handled = 0
    const handle = (): void => {
      handled++
    }
    await bus.consume({ group: 'g', topics: [topics.events.name, received], handle })
    await bus.publish({ topic: topics.events.name, key: 'id', headers: { traceparent }, value })
    await bus.publish({ topic: topics.held.name, key: 'id', headers: { traceparent }, value })
    await bus.publish({ topic: received, key: 'id', value })
    await eventually(() => handled === 2)
    assert.equal(plain.records(topics.events.name)[0]?.headers.traceparent, traceparent)
    assert.deepEqual(exported(), [])
    await bus.close()
  }))
