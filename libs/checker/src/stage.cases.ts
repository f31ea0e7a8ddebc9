/** A checker in the harness, on ports in memory, for the tests of the harness. */
import { type Annotation, annotationCodec, newMessageId, type Received, receivedCodec, topics } from '@sallyport/contracts'
import { type CompiledPolicy, compilePolicy, type PolicyDocument } from '@sallyport/policy'
import type { RunningRole } from '@sallyport/runtime'
import {
  eventually,
  fakeClock,
  type MemoryContent,
  memoryBus,
  memoryContent,
  recordingLogger,
  type TestPorts,
  testPorts,
} from '@sallyport/testkit'
import type { CheckerDefinition } from './definition.ts'
import type { CheckerSettings } from './settings.ts'
import { startChecker } from './start-checker.ts'

const document: PolicyDocument = {
  organization: { name: 'Example', domains: ['example.com'] },
  applications: [
    {
      name: 'billing',
      owner: 'billing-team@example.com',
      from: { networks: ['10.1.0.0/24'] },
      checks: { probe: { mode: 'enforce', holdAt: 5 } },
    },
  ],
  routes: { default: { capture: true } },
}

export const policyRevision = (revision: number): CompiledPolicy => compilePolicy(document, revision)

export const header = 'From: Invoices <invoices@example.com>\r\nSubject: Invoice\r\n\r\n'
const inline = Buffer.from(`${header}Hello\r\n`)

/** A record of `mail.received` that asks for the check `probe`. */
export function asking(changes: Partial<Received> = {}, message: Partial<Received['message']> = {}): Received {
  return {
    v: 1,
    kind: 'received',
    message: {
      id: newMessageId(),
      application: 'billing',
      policyRevision: 1,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      receivedAt: 0,
      client: { address: '10.1.0.1', helo: 'client.example.com' },
      sender: 'invoices@example.com',
      recipients: [{ index: 0, address: 'customer@partner.example' }],
      ...message,
    },
    content: { kind: 'inline', contentBytes: inline.byteLength, headerBytes: header.length },
    checks: ['domain', 'probe'],
    budgetMs: 20_000,
    annotateTo: { topic: topics.annotations.name, partition: 3 },
    ...changes,
  }
}

export interface Stage {
  readonly ports: TestPorts & { readonly content: MemoryContent }
  readonly role: RunningRole
  readonly log: ReturnType<typeof recordingLogger>
  ask(
    received: Received,
    options?: { readonly bytes?: Uint8Array; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<void>
  /** The annotations so far. */
  annotations(): Annotation[]
  /** The annotation of this message, awaited. */
  annotationOf(received: Received): Promise<Annotation>
}

/** Starts the checker; `compiled: null` for no policy at all. */
export async function stage(
  definition: CheckerDefinition,
  options: { readonly settings?: Partial<CheckerSettings>; readonly compiled?: CompiledPolicy | null } = {},
): Promise<Stage> {
  const clock = fakeClock({ running: true })
  const log = recordingLogger()
  const compiled = options.compiled === undefined ? policyRevision(1) : options.compiled
  const ports = {
    ...testPorts({ bus: memoryBus({ now: () => clock.now() }), clock, log: log.log, ...(compiled ? { compiled } : {}) }),
    content: memoryContent(),
  }
  const role = await startChecker(definition, ports, options.settings)
  const annotations = (): Annotation[] =>
    ports.bus.records(topics.annotations.name).flatMap(({ value }) => {
      const record = value && annotationCodec.decode(value).record
      return record?.kind === 'annotation' ? [record] : []
    })
  return {
    ports,
    role,
    log,
    annotations,
    async ask(received, { bytes = inline, headers = {} } = {}) {
      const value = receivedCodec.encode(received, bytes)
      await ports.bus.publish({ topic: topics.received.name, key: received.message.id, headers, value })
    },
    annotationOf: (received) => eventually(() => annotations().find(({ id }) => id === received.message.id)),
  }
}
