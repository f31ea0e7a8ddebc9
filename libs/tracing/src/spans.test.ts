import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  activeTraceparent,
  describeActiveSpan,
  endFailed,
  inSpan,
  isTracing,
  keepActiveTrace,
  keepTrace,
  markFailed,
  SpanKind,
  startRootSpan,
  startSpan,
  traceparentOf,
  underSpan,
} from './spans.ts'
import { traceIdOf } from './traceparent.ts'
import { withTracing } from './tracing.cases.ts'

const remote = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('without tracing there is no span, and the work is done all the same', async () => {
  assert.equal(isTracing(), false)
  const span = startRootSpan('root', { parent: remote })
  assert.equal(traceparentOf(span), undefined)
  assert.equal(
    await inSpan('work', { parent: remote }, async (inner) => {
      keepTrace(inner, 'x')
      keepActiveTrace('x')
      describeActiveSpan({ a: 1 })
      markFailed(inner, new Error('x'))
      return 7
    }),
    7,
  )
  assert.equal(activeTraceparent(), undefined)
  assert.throws(
    () =>
      inSpan('work', {}, () => {
        throw new Error('of the work')
      }),
    /of the work/,
  )
})

test('a span stands below the active one of its trace, else below the place that is named', () =>
  withTracing({ ratio: 1 }, async ({ exported }) => {
    await inSpan('outer', { parent: remote }, async () => {
      inSpan('inner', { parent: remote }, () => {})
      inSpan('of another message', { parent: remote.replace('0af7', '1af7') }, () => {})
      inSpan('nameless', {}, () => {})
    })
    const [inner, other, nameless, outer] = exported()
    assert.deepEqual([inner?.name, other?.name, nameless?.name, outer?.name], ['inner', 'of another message', 'nameless', 'outer'])
    assert.equal(inner?.parentSpanContext?.spanId, outer?.spanContext().spanId)
    assert.equal(nameless?.parentSpanContext?.spanId, outer?.spanContext().spanId)
    assert.equal(other?.parentSpanContext?.spanId, 'b7ad6b7169203331')
    assert.equal(outer?.parentSpanContext?.spanId, 'b7ad6b7169203331')
    assert.equal(outer?.spanContext().traceId, traceIdOf(remote))
  }))

test('nothing stands alone: without a parent there is no span but a root', () =>
  withTracing({ ratio: 1 }, ({ exported }) => {
    inSpan('orphan', {}, (span) => assert.equal(span.isRecording(), false))
    startSpan('orphan', { parent: 'nonsense' }).end()
    startRootSpan('root', { parent: 'nonsense' }).end()
    assert.deepEqual(
      exported().map(({ name, parentSpanContext }) => [name, parentSpanContext]),
      [['root', undefined]],
    )
  }))

test('what throws or rejects ends its span as failed, with the code of the error and not its text', () =>
  withTracing({ ratio: 1 }, async ({ exported }) => {
    const failure = Object.assign(new Error('no such mailbox: anna@example.com'), { code: 'BUS_UNAVAILABLE' })
    const failing = inSpan('rejects', { parent: remote }, () => Promise.reject(failure))
    await assert.rejects(failing, failure)
    assert.throws(() =>
      inSpan('throws', { parent: remote }, () => {
        throw new TypeError('anna@example.com')
      }),
    )
    const numbered = Object.assign(new RangeError('x'), { code: 6 })
    await assert.rejects(
      inSpan('has a number', { parent: remote }, () => Promise.reject(numbered)),
      numbered,
    )
    assert.deepEqual(
      exported().map(({ name, status, attributes }) => [name, status, attributes['error.type']]),
      [
        ['rejects', { code: 2 }, 'BUS_UNAVAILABLE'],
        ['throws', { code: 2 }, 'TypeError'],
        ['has a number', { code: 2 }, 'RangeError'],
      ],
    )
    assert.equal(JSON.stringify(exported().map(({ attributes, events }) => [attributes, events])).includes('anna'), false)
  }))

test('a trace that is kept is exported with what was recorded before, and what follows is sampled', () =>
  withTracing({ ratio: 0 }, ({ exported, traces }) => {
    const root = startRootSpan('root')
    underSpan(root, () => inSpan('before', {}, () => {}))
    assert.equal(exported().length, 0)
    assert.equal(traces.held, 1)
    underSpan(root, () => keepActiveTrace('hold'))
    underSpan(root, () =>
      inSpan('after', {}, (span) => {
        assert.equal(traceparentOf(span)?.endsWith('-01'), true)
      }),
    )
    root.end()
    assert.deepEqual(
      exported().map(({ name, attributes }) => [name, attributes['mail.trace.kept']]),
      [
        ['before', undefined],
        ['after', undefined],
        ['root', 'hold'],
      ],
    )
    assert.ok(exported().every((span) => span.spanContext().traceFlags === 1))
    assert.equal(traces.held, 0)
  }))

test('links name what led to a span; those that are none are left out', () =>
  withTracing({ ratio: 1 }, ({ exported }) => {
    inSpan('retry', { parent: remote, links: [remote, undefined, 'nonsense'] }, () => {})
    assert.deepEqual(
      exported()[0]?.links.map(({ context }) => context.spanId),
      ['b7ad6b7169203331'],
    )
  }))

test('what was recorded while nobody knew whether it is exported is told as the SDK tells its own', async () => {
  await withTracing({ ratio: 0 }, async ({ exported }) => {
    const root = startRootSpan('root')
    const parent = traceparentOf(root)
    const earlier = Date.now() - 500
    const first = startSpan('first', { kind: SpanKind.CLIENT, parent, attributes: { a: 1 }, startedAt: earlier, links: [parent] })
    first.setAttributes({ b: 'two', none: undefined }).setAttribute('c', true)
    first.end()
    first.setAttribute('late', true)
    const second = startSpan('second', { parent: traceparentOf(first) })
    endFailed(second, Object.assign(new Error('x'), { code: 'BUS_UNAVAILABLE' }))
    root.end()
    const [one, two] = exported()
    assert.ok(one && two)
    assert.deepEqual([one.name, one.kind, one.attributes], ['first', SpanKind.CLIENT, { a: 1, b: 'two', c: true }])
    assert.equal(one.parentSpanContext?.spanId, parent?.slice(36, 52))
    assert.equal(two.parentSpanContext?.spanId, one.spanContext().spanId)
    assert.match(one.spanContext().spanId, /^[0-9a-f]{16}$/)
    assert.notEqual(one.spanContext().spanId, two.spanContext().spanId)
    assert.equal(one.links[0]?.context.spanId, parent?.slice(36, 52))
    assert.equal(one.startTime[0] * 1000 + one.startTime[1] / 1e6, earlier)
    assert.ok(one.duration[0] * 1000 + one.duration[1] / 1e6 >= 498)
    assert.equal(two.attributes['error.type'], 'BUS_UNAVAILABLE')
    assert.deepEqual([one.events, one.droppedLinksCount, two.ended], [[], 0, true])
  })
})
