/** The delivery role between a bus in memory and a next hop that a test scripts. */
import type { Bus } from '@sallyport/bus'
import { type Decided, decidedCodec, type Job, jobCodec, SallyportError, topics } from '@sallyport/contracts'
import type { Ledger } from '@sallyport/ledger'
import { compilePolicy, type PolicyDocument } from '@sallyport/policy'
import { Hand, type RunningRole } from '@sallyport/runtime'
import {
  eventually,
  fakeClock,
  type MemoryBus,
  type MemoryContent,
  type MemoryLedger,
  memoryBus,
  memoryContent,
  memoryLedger,
  type SmtpSink,
  smtpSink,
  type TemporaryFolder,
  type TestPorts,
  temporaryFolder,
  testPorts,
} from '@sallyport/testkit'
import { Value } from 'typebox/value'
import { type DeliverySettings, deliverySettingsSchema } from './config.ts'
import { startDelivery } from './start-delivery.ts'
import { exampleContent } from './test-job.cases.ts'

export interface World extends AsyncDisposable {
  readonly ports: TestPorts
  readonly bus: MemoryBus
  readonly ledger: MemoryLedger
  readonly content: MemoryContent
  readonly sink: SmtpSink
  readonly folder: TemporaryFolder
  /** Publishes a decision as ingress does. */
  accept(decided: Decided, bytes?: Uint8Array): Promise<void>
  jobs(topic: string): readonly Job[]
  /** What the process that was started last has in hand. */
  inHand(): number
  /** What the process that was started last counts, as text. */
  metrics(): Promise<string>
  /** Every record of every group of delivery is settled. */
  settled(): Promise<void>
  replacePolicy(change: (document: PolicyDocument) => PolicyDocument): void
  /** As kill -9, then a start under a new name. */
  crash(): Promise<void>
  /** Stops in good order, then starts again. */
  restart(): Promise<void>
}

export interface WorldOptions {
  readonly settings?: Partial<DeliverySettings>
  readonly policy?: (document: PolicyDocument, sink: SmtpSink) => PolicyDocument
  readonly withoutStart?: boolean
}

export const minute = 60_000

export async function world(options: WorldOptions = {}): Promise<World> {
  const sink = await smtpSink()
  const folder = temporaryFolder()
  const plain: PolicyDocument = {
    organization: { name: 'Example', domains: ['example.com'] },
    applications: [{ name: 'billing', owner: 'owner@example.com', from: { networks: ['10.1.0.0/24'] } }],
    routes: { default: { smarthost: sink.address } },
  }
  let document = options.policy?.(plain, sink) ?? plain
  let revision = 1
  const clock = fakeClock({ running: true, now: Date.now() })
  const ports = testPorts({ compiled: compilePolicy(document, revision), clock, bus: memoryBus({ now: () => clock.now() }) })
  const ledger = memoryLedger(ports.clock)
  const content = memoryContent({ now: () => ports.clock.now() })
  const settings: DeliverySettings = {
    ...Value.Parse(
      deliverySettingsSchema,
      Value.Default(deliverySettingsSchema, { hostname: 'gateway.example.com', data: folder.path }),
    ),
    tickMs: 5,
    sweepMs: 5,
    contentGraceMs: 0,
    verdictWaitMs: 1_000,
    ...options.settings,
  }
  let starts = 0
  let { metrics } = ports
  let hand = new Hand()
  const start = (): Promise<RunningRole> => {
    const instance = `test-${++starts}`
    /** What a killed process would have done later does not happen. */
    const whileAlive = <T>(act: () => Promise<T>): Promise<T> =>
      instance === `test-${starts}` ? act() : Promise.reject(new SallyportError('BUS_CLOSED', 'the process was killed'))
    const bus: Bus = { ...ports.bus, publish: (record, how) => whileAlive(() => ports.bus.publish(record, how)) }
    const ownLedger: Ledger = { ...ledger, finish: (...words) => whileAlive(() => ledger.finish(...words)) }
    metrics = testPorts().metrics
    hand = new Hand()
    return startDelivery({ ...ports, bus, metrics, instance, content, ledger: ownLedger, hand }, settings)
  }
  const roles: RunningRole[] = [await start()]
  const groups = ['delivery-split', 'delivery-send', 'delivery-timer']
  const read: readonly { readonly name: string }[] = Object.values(topics).filter(({ name }) =>
    /^mail\.(decided|commands|outbound|deferred)/.test(name),
  )

  return {
    ports,
    bus: ports.bus,
    ledger,
    content,
    sink,
    folder,
    async accept(decided, bytes = exampleContent) {
      const value = decidedCodec.encode(decided, bytes)
      await ports.bus.publish({ topic: topics.decided.name, key: decided.message.id, value }, { durable: true })
    },
    inHand: () => hand.count,
    metrics: () => metrics.metrics(),
    jobs: (topic) => ports.bus.records(topic).flatMap(({ value }) => (value ? [jobCodec.decode(value).record] : [])),
    async settled() {
      await eventually(
        async () => {
          const lags = await Promise.all(
            groups.map((group) => ports.bus.lag(group, read.map(({ name }) => name).filter(belongsTo(group)))),
          )
          return lags.flat().every(({ records }) => records === 0)
        },
        { what: 'every record is settled' },
      )
    },
    replacePolicy(change) {
      document = change(document)
      ports.policy.replace(compilePolicy(document, ++revision))
    },
    async crash() {
      ports.bus.crash()
      roles.push(await start())
    },
    async restart() {
      await roles.at(-1)?.stop()
      roles.push(await start())
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(roles.map((role) => role.stop()))
      await sink.stop()
      folder.remove()
    },
  }
}

/** What was said of this message dropped: by whom, and why. */
export const drops = (run: World): string[][] =>
  run.ports.events.recorded.flatMap((event) => ('by' in event && event.kind === 'dropped' ? [[event.by, event.cause]] : []))

const belongsTo =
  (group: string) =>
  (topic: string): boolean =>
    group === 'delivery-split'
      ? /decided|commands/.test(topic)
      : topic.includes(group === 'delivery-send' ? 'outbound' : 'deferred')
