import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { annotationCodec, checkerGroup, SallyportError, topics } from '@sallyport/contracts'
import { type CheckContext, type CheckInput, defineChecker, pass } from './definition.ts'
import { asking, header, policyRevision, stage } from './stage.cases.ts'

const finds = defineChecker({
  name: 'probe',
  check: () => ({ outcome: 'fail', score: 7, reasons: [{ rule: 'probe.found', text: 'something was found' }] }),
})

test('a message gets one annotation, where and for whom it asks', async () => {
  const { ports, role, ask, annotationOf } = await stage(finds)
  const received = asking()
  await ask(received, { headers: { traceparent: '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01' } })
  const { tookMs, ...annotation } = await annotationOf(received)
  assert.deepEqual(annotation, {
    v: 1,
    kind: 'annotation',
    id: received.message.id,
    check: 'probe',
    outcome: 'fail',
    score: 7,
    reasons: [{ rule: 'probe.found', text: 'something was found' }],
    policyRevision: 1,
    application: 'billing',
  })
  assert.ok(tookMs >= 0)
  const [record] = ports.bus.records(topics.annotations.name)
  assert.equal(record?.key, received.message.id)
  assert.equal(record?.partition, 3)
  assert.equal(record?.headers.traceparent, '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01')
  assert.ok(record && !ports.bus.isDurable(record))
  await role.stop()
  assert.equal(
    (await ports.bus.lag(checkerGroup('probe'), [topics.received.name])).reduce((sum, lag) => sum + lag.records, 0),
    0,
  )
})

test('the check sees message, header, content, policy, application and its settings', async () => {
  const seen: { input: CheckInput; context: CheckContext }[] = []
  const looks = defineChecker({
    name: 'probe',
    async check(input, context) {
      seen.push({ input, context })
      const chunks = await Array.fromAsync(input.readContent())
      return pass([{ rule: 'probe.content', text: Buffer.concat(chunks).toString() }])
    },
  })
  const { ports, role, ask, annotationOf } = await stage(looks)
  const inline = asking()
  await ask(inline)
  assert.equal((await annotationOf(inline)).reasons[0]?.text, `${header}Hello\r\n`)
  const body = Buffer.from(`${header}${'x'.repeat(100_000)}`)
  const stored = await ports.content.put('1', body)
  const large = asking({ content: { kind: 'stored', ...stored, headerBytes: header.length } })
  await ask(large, { bytes: Buffer.from(header) })
  assert.equal((await annotationOf(large)).reasons[0]?.text?.length, 500, 'what is too long for an annotation is cut')
  const [first, second] = seen
  assert.equal(first?.input.inlineContent?.byteLength, header.length + 7)
  assert.equal(second?.input.inlineContent, undefined)
  assert.equal(Buffer.from(second?.input.headerBytes ?? []).toString(), header)
  assert.equal(first?.input.identities.from[0]?.address, 'invoices@example.com')
  assert.equal(first?.input.headerBlock.fields.length, 2)
  assert.equal(first?.context.policy.revision, 1)
  assert.equal(first?.context.application.name, 'billing')
  assert.equal(first?.context.settings.holdAt, 5)
  assert.equal(first?.context.signal.aborted, false)
  await role.stop()
})

test('a message that does not ask for the check, and an empty record, are passed over', async () => {
  const { ports, role, ask, annotations } = await stage(finds)
  await ask(asking({ checks: ['domain'] }))
  await ports.bus.publish({ topic: topics.received.name, key: 'none', value: null })
  await ports.bus.idle()
  assert.deepEqual(annotations(), [])
  await role.stop()
})

test('an unparsable record is a dead letter and stops nothing', async () => {
  const { ports, role, ask, annotationOf } = await stage(finds)
  await ports.bus.publish({ topic: topics.received.name, key: 'odd', value: Buffer.from('odd') })
  const received = asking()
  await ask(received)
  await annotationOf(received)
  assert.equal(ports.bus.deadLetters().length, 1)
  await role.stop()
})

test('a record older than its budget and five seconds is unavailable without work', async () => {
  let works = 0
  const counts = defineChecker({
    name: 'probe',
    check() {
      works++
      return pass()
    },
  })
  const { ports, role, ask, annotationOf } = await stage(counts)
  const early = asking({ budgetMs: 1000 })
  const late = asking({ budgetMs: 1000 })
  const again = asking({ budgetMs: 1000, again: true })
  for (const received of [early, late, again]) {
    const age = received === early ? 5900 : 6100
    ports.clock.setNow(Date.UTC(2026, 5, 1))
    const publishing = ask(received)
    ports.clock.setNow(Date.UTC(2026, 5, 1) + age)
    await publishing
    await annotationOf(received)
  }
  assert.equal((await annotationOf(early)).outcome, 'pass')
  assert.equal((await annotationOf(late)).outcome, 'unavailable')
  assert.equal((await annotationOf(late)).reasons[0]?.rule, 'probe.late')
  assert.equal((await annotationOf(again)).outcome, 'pass')
  assert.equal(works, 2)
  await role.stop()
})

test('a message asked for again is annotated durably', async () => {
  const { ports, role, ask, annotationOf } = await stage(finds)
  const received = asking({ again: true })
  await ask(received)
  await annotationOf(received)
  const [record] = ports.bus.records(topics.annotations.name)
  assert.ok(record && ports.bus.isDurable(record))
  await role.stop()
})

test('nothing is settled before its annotation is published', async () => {
  const { ports, role, ask, annotationOf } = await stage(finds)
  let refused = 0
  ports.bus.faults.publish = ({ topic }) =>
    topic === topics.annotations.name && refused++ < 3 ? new SallyportError('BUS_UNAVAILABLE', 'not now') : undefined
  const received = asking()
  await ask(received)
  await annotationOf(received)
  assert.equal(refused, 4)
  await role.stop()
})

test('it is ready with a policy and what the check itself needs', async () => {
  let isLoaded = false
  const { ports, role } = await stage(
    defineChecker({
      name: 'probe',
      role: 'probing',
      check: () => pass(),
      readiness: () => ({ ready: isLoaded, waitingFor: isLoaded ? [] : ['its model'] }),
    }),
    { compiled: null },
  )
  assert.equal(role.name, 'probing')
  assert.deepEqual(role.readiness(), { ready: false, waitingFor: ['the first policy revision', 'its model'] })
  ports.policy.replace(policyRevision(1))
  assert.equal(role.readiness().ready, false)
  isLoaded = true
  assert.deepEqual(role.readiness(), { ready: true, waitingFor: [] })
  await role.stop()
  assert.equal(role.readiness().ready, false)
})

test('annotations are counted by check, outcome and application; checkers of a process share the metrics', async () => {
  const { ports, role, ask, annotationOf } = await stage(finds)
  const received = asking()
  await ask(received)
  await annotationOf(received)
  await role.stop()
  assert.match(
    await ports.metrics.metrics(),
    /sallyport_check_annotations_total\{application="billing",check="probe",outcome="fail"\} 1\n/,
  )
})

test('an annotation with more evidence than a record may have keeps its reasons', async () => {
  const verbose = defineChecker({
    name: 'probe',
    check: () => ({
      outcome: 'fail',
      reasons: [{ rule: 'probe.found', text: 'found', fix: 'mend it', evidence: { all: Array(5000).fill('0123456789') } }],
    }),
  })
  const { ports, role, ask, annotationOf } = await stage(verbose)
  const received = asking()
  await ask(received)
  assert.deepEqual((await annotationOf(received)).reasons, [{ rule: 'probe.found', text: 'found', fix: 'mend it' }])
  const [record] = ports.bus.records(topics.annotations.name)
  assert.ok(annotationCodec.decode(record?.value ?? new Uint8Array(0)))
  await role.stop()
})

test('a stop ends the check after its last message, and never throws', async () => {
  const order: string[] = []
  const { role, ask, log } = await stage(
    defineChecker({
      name: 'probe',
      async check() {
        await sleep(20)
        order.push('checked')
        return pass()
      },
      async stop() {
        order.push('stopped')
        throw new Error('told')
      },
    }),
  )
  await ask(asking())
  await sleep(5)
  await role.stop()
  assert.deepEqual(order, ['checked', 'stopped'])
  assert.equal(log.lines.filter(({ level }) => level === 50).length, 1)
})

test('a name that no policy could use is refused', () => {
  assert.throws(() => defineChecker({ name: 'Probe', check: () => pass() }), /cannot be the name of a check/)
})
