import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endFailed, inSpan, keepTrace, type Span, startRootSpan, startSpan, traceEndedWell, traceparentOf } from './spans.ts'
import { traceIdOf } from './traceparent.ts'
import { withTracing } from './tracing.cases.ts'

test('spans wait for a decision for so long, and are then dropped', () =>
  withTracing({ holdMs: 1_000 }, ({ traces, advance, exported, kept }) => {
    const first = startRootSpan('first')
    first.end()
    advance(1_001)
    startRootSpan('second').end()
    assert.equal(traces.held, 1)
    kept.add(traceIdOf(traceparentOf(first) ?? ''), 'told')
    assert.equal(exported().length, 0)
  }))

test('no more spans wait than there is room for: the oldest traces go', () =>
  withTracing({ maxHeld: 10 }, ({ traces, kept, exported }) => {
    const spans = Array.from({ length: 30 }, () => startRootSpan('message'))
    for (const span of spans) span.end()
    assert.equal(traces.held, 10)
    for (const span of spans) kept.add(traceIdOf(traceparentOf(span) ?? ''), 'own')
    assert.equal(exported().length, 10)
  }))

test('a message that never ends leaves nothing behind: its spans go with their time, and traces without spans are bounded, too', () =>
  withTracing({ holdMs: 1_000, maxHeld: 20 }, ({ traces, advance }) => {
    const open = Array.from({ length: 100 }, () => startRootSpan('message'))
    assert.equal(traces.size, 20)
    for (const span of open) inSpan('check', { parent: traceparentOf(span) }, () => {})
    assert.ok(traces.held <= 20 && traces.size <= 20)
    advance(1_001)
    startRootSpan('another')
    assert.deepEqual([traces.held, traces.size], [0, 1])
  }))

test('what ended well, was kept or is sampled leaves nothing behind', () =>
  withTracing({}, ({ traces, exported }) => {
    for (const end of [traceEndedWell, (span: Span) => keepTrace(span, 'slow')]) {
      const message = startRootSpan('message')
      const parent = traceparentOf(message)
      inSpan('check', { parent }, () => {})
      end(message)
      inSpan('check', { parent }, () => {})
      message.end()
    }
    startRootSpan('message', { parent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }).end()
    assert.deepEqual([traces.held, traces.size], [0, 0])
    assert.equal(exported().length, 4)
  }))

test('a trace whose time was over before it was kept is exported from then on, also by spans that began before', () =>
  withTracing({ holdMs: 1_000 }, ({ advance, exported }) => {
    const message = startRootSpan('message')
    const parent = traceparentOf(message)
    inSpan('too early', { parent }, () => {})
    advance(1_001)
    startRootSpan('another')
    inSpan('check', { parent }, () => {})
    const open = startSpan('send', { parent })
    keepTrace(message, 'slow')
    open.end()
    message.end()
    assert.deepEqual(
      exported().map(({ name }) => name),
      ['check', 'send', 'message'],
    )
  }))

test('a record that says it is sampled brings what waits of its trace with it', () =>
  withTracing({}, ({ exported, traces }) => {
    const message = startRootSpan('message')
    const parent = traceparentOf(message) ?? ''
    inSpan('check', { parent }, () => {})
    inSpan('process', { parent: parent.replace(/00$/, '01') }, () => {})
    message.end()
    assert.deepEqual(
      exported().map(({ name }) => name),
      ['check', 'process', 'message'],
    )
    assert.equal(traces.held, 0)
  }))

test('a span that failed keeps its trace', () =>
  withTracing({}, ({ exported, kept }) => {
    const span = startRootSpan('message')
    endFailed(span, new Error('x'))
    assert.equal(exported().length, 1)
    assert.equal(kept.has(traceIdOf(traceparentOf(span) ?? '')), true)
  }))

test('what has ended well waits no more, and what still ends of it does not wait', () =>
  withTracing({}, ({ traces, exported }) => {
    const message = startRootSpan('message')
    const parent = traceparentOf(message)
    message.end()
    startRootSpan('another').end()
    inSpan('deliver', { parent }, (span) => traceEndedWell(span))
    startSpan('late', { parent }).end()
    assert.equal(traces.held, 1)
    assert.equal(exported().length, 0)
  }))

test('what is kept is exported, however well its end was', () =>
  withTracing({}, ({ exported }) => {
    const message = startRootSpan('message')
    const parent = traceparentOf(message)
    keepTrace(message, 'slow')
    message.end()
    inSpan('deliver', { parent }, (span) => traceEndedWell(span))
    assert.deepEqual(
      exported()
        .map(({ name }) => name)
        .sort(),
      ['deliver', 'message'],
    )
  }))
