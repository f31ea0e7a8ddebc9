import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endFailed, inSpan, keepTrace, startRootSpan, startSpan, traceEndedWell, traceparentOf } from './spans.ts'
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
