/** What is counted stays bounded, and is told in both formats. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SallyportError } from '@sallyport/contracts'
import { memoryBus } from '@sallyport/testkit'
import { Gauge, Registry } from 'prom-client'
import { exposition } from './exposition.ts'
import { meteredBus } from './metered-bus.ts'
import { StepCounter } from './step-counter.ts'
import { StepHistogram } from './step-histogram.ts'
import { boundedLabels, TopLabels } from './top-labels.ts'

const openMetrics = 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5'

test('of ten thousand applications those that send most have series, also where they came last; the rest is other, and all is counted', async () => {
  let now = 0
  const top = new TopLabels({ most: 100, elapsed: () => now, windowMs: 1_000 })
  const metrics = new Registry()
  const counter = new StepCounter({
    name: 'messages_total',
    help: 'Messages',
    labelNames: ['application', 'outcome'],
    registers: [metrics],
    top,
  })
  const histogram = new StepHistogram({
    name: 'seconds',
    help: 'Time',
    labelNames: ['application'],
    registers: [metrics],
    buckets: [1, 2],
    top,
  })
  const see = (application: string): void => {
    counter.count([top.of(application), 'relay'])
    histogram.record([top.of(application)], 1)
  }
  for (let round = 0; round < 5; round++) {
    for (let index = 0; index < 10_000; index++) {
      see(`application-${index}`)
      // The busy ones are the last that came.
      if (index % 10 === 0) see(`application-${9_950 + ((index / 10) % 50)}`)
    }
    now += 2_000
  }
  const series = (await counter.get()).values
  assert.equal(series.length, 101)
  assert.ok(series.some(({ labels }) => labels.application === 'other'))
  for (let index = 9_950; index < 10_000; index++)
    assert.ok(
      series.some(({ labels }) => labels.application === `application-${index}`),
      `application-${index} is busy and has no series`,
    )
  const { text } = await exposition(metrics, undefined)
  assert.ok(text.split('\n').length < 101 * 6 + 10, 'both metrics lost the series of who lost its place')
})

test('who has a place keeps it while nobody is seen clearly more often, and every value that is not placed is counted as other', async () => {
  let now = 0
  const top = new TopLabels({ most: 2, elapsed: () => now, windowMs: 10 })
  const fallen: string[] = []
  top.onFallen((value) => fallen.push(value))
  const seen = new Map<string, number>()
  for (let index = 0; index < 32_000; index++) {
    const label = top.of(['a', 'a', 'b', 'b', 'c', 'c', 'c', 'd'][index % 8] ?? '')
    seen.set(label, (seen.get(label) ?? 0) + 1)
    now++
  }
  assert.deepEqual(fallen, [])
  assert.deepEqual(
    [...seen],
    [
      ['a', 8_000],
      ['b', 8_000],
      ['other', 16_000],
    ],
  )
})

test('the labels of a registry are one set for every role, with the bounds of the first call', () => {
  const metrics = new Registry()
  const { application } = boundedLabels(metrics, { applications: 1, destinations: 1 })
  assert.equal(application.of('first'), 'first')
  assert.equal(boundedLabels(metrics).application.of('second'), 'other')
  assert.equal(boundedLabels(metrics).destination.of('first'), 'first')
})

test('a histogram is cumulative, and counts what lies above its bounds', async () => {
  const metrics = new Registry()
  const histogram = new StepHistogram({ name: 's', help: 'h', labelNames: [], registers: [metrics], buckets: [0.5, 1] })
  for (const value of [0.1, 0.5, 0.7, 3]) histogram.record([], value)
  const expected = ['s_bucket{le="0.5"} 2', 's_bucket{le="1"} 3', 's_bucket{le="+Inf"} 4', 's_sum 4.3', 's_count 4']
  assert.deepEqual((await exposition(metrics, undefined)).text.trim().split('\n').slice(2), expected)
  assert.deepEqual((await metrics.metrics()).trim().split('\n').slice(2), expected, 'as prom-client itself tells it')
})

test('who asks for OpenMetrics gets it, and who does not gets the format of Prometheus, again and again', async () => {
  const metrics = new Registry()
  new StepCounter({ name: 'a_total', help: 'A \\ and\na line', labelNames: ['name'], registers: [metrics] }).count(['say "x"'])
  new Gauge({ name: 'g', help: 'G', registers: [metrics] }).set(Number.NaN)
  const label = '{name="say \\"x\\""}'
  for (let times = 0; times < 2; times++) {
    assert.deepEqual(await exposition(metrics, '*/*'), {
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      text: `# HELP a_total A \\\\ and\\na line\n# TYPE a_total counter\na_total${label} 1\n# HELP g G\n# TYPE g gauge\ng NaN\n`,
    })
    assert.deepEqual(await exposition(metrics, openMetrics), {
      contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
      text: `# HELP a A \\\\ and\\na line\n# TYPE a counter\na_total${label} 1\n# HELP g G\n# TYPE g gauge\ng NaN\n# EOF\n`,
    })
  }
})

test('the bus counts each publish and handling once, with how long it took, and those that fail by their error', async () => {
  const metrics = new Registry()
  const plain = memoryBus()
  const bus = meteredBus(plain, metrics)
  let tries = 0
  const handled = Promise.withResolvers<void>()
  await bus.consume({
    group: 'g',
    topics: ['one'],
    async handle() {
      if (++tries === 1) throw new SallyportError('STORE_UNAVAILABLE', 'away')
      handled.resolve()
    },
  })
  await bus.publish({ topic: 'one', key: 'a', value: new Uint8Array(1) })
  await handled.promise
  await new Promise((resolve) => setImmediate(resolve))
  await plain.close()
  await assert.rejects(bus.publish({ topic: 'one', key: 'a', value: new Uint8Array(1) }))
  const { text } = await exposition(metrics, undefined)
  for (const line of [
    'sallyport_bus_publish_seconds_count{topic="one"} 1',
    'sallyport_bus_publish_failures_total{topic="one",error="BUS_CLOSED"} 1',
    'sallyport_bus_process_seconds_count{group="g",topic="one"} 1',
    'sallyport_bus_process_failures_total{group="g",topic="one",error="STORE_UNAVAILABLE"} 1',
  ])
    assert.ok(text.includes(`${line}\n`), `${line} is not in\n${text}`)
})
