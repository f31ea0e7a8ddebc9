/** A verdict role on ports in memory, and what ingress and checkers would say to it. */
import {
  type Annotation,
  type AnnotationTopicRecord,
  annotationCodec,
  type Decided,
  decidedCodec,
  groups,
  type Message,
  newMessageId,
  type Opened,
  type Received,
  receivedCodec,
  topics,
  type Undecided,
} from '@sallyport/contracts'
import { type CompiledPolicy, compilePolicy, validatePolicy } from '@sallyport/policy'
import type { RunningRole } from '@sallyport/runtime'
import { fakeClock, memoryLedger, memoryReplies, recordingLogger, type TestPorts, testPorts } from '@sallyport/testkit'
import { Registry } from 'prom-client'
import type { VerdictPorts } from './room.ts'
import type { VerdictSettings } from './settings.ts'
import { startVerdict } from './start-verdict.ts'

const enforced = { domain: { mode: 'enforce' }, address: { mode: 'enforce' } }

export function examplePolicy(revision: number, changes: Record<string, unknown> = {}): CompiledPolicy {
  const application = {
    name: 'billing',
    owner: 'owner@example.com',
    from: { networks: ['10.1.0.0/24'] },
    checks: enforced,
    ...changes,
  }
  const checked = validatePolicy({
    organization: { name: 'Example', domains: ['example.com'] },
    applications: [application],
    routes: { default: { capture: true } },
  })
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults))
  return compilePolicy(checked.document, revision)
}

export const headerBlock = new TextEncoder().encode('From: invoices@example.com\r\n\r\n')

export function stage(application: Record<string, unknown> = {}, settings: Partial<VerdictSettings> = {}) {
  const clock = fakeClock()
  const recorded = recordingLogger()
  const ports: TestPorts = testPorts({ clock, compiled: examplePolicy(7, application), log: recorded.log })
  const replies = memoryReplies()
  const ledger = memoryLedger(clock)
  const all: VerdictPorts = { ...ports, replies, ledger }
  const roles: RunningRole[] = []

  function message(id: string): Message {
    return {
      id,
      application: 'billing',
      policyRevision: 7,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      receivedAt: clock.now(),
      client: { address: '10.1.0.9', helo: 'app' },
      sender: 'invoices@example.com',
      recipients: [{ index: 0, address: 'customer@example.net' }],
    }
  }
  const publish = (record: AnnotationTopicRecord, bytes?: Uint8Array) =>
    ports.bus.publish({
      topic: topics.annotations.name,
      key: record.id,
      partition: 2,
      value: annotationCodec.encode(record, bytes),
    })

  return {
    clock,
    ports,
    replies,
    ledger,
    lines: recorded.lines,
    newId: () => newMessageId(),
    /** A fresh instance, as after a restart; `changes` replace ports of this instance only. */
    async start(changes: Partial<VerdictPorts> = {}): Promise<RunningRole> {
      const role = await startVerdict({ ...all, metrics: new Registry(), ...changes }, { tickMs: 2, ...settings })
      roles.push(role)
      return role
    },
    async stop() {
      await Promise.all(roles.map((role) => role.stop()))
    },
    opened(id: string, changes: Partial<Opened> = {}) {
      const { application, policyRevision, traceparent } = message(id)
      const checks = ['address', 'domain']
      const opened = { v: 1, kind: 'opened' as const, id, application, policyRevision, traceparent, checks, budgetMs: 20_000 }
      return publish(ports.signer.sign({ ...opened, replyTo: { channel: 'ingress-1' }, ...changes }))
    },
    annotation(id: string, check: string, outcome: Annotation['outcome'], changes: Partial<Annotation> = {}) {
      const reasons = outcome === 'pass' ? [] : [{ rule: `${check}.${outcome}`, text: `${check} says ${outcome}` }]
      const annotation = { v: 1, kind: 'annotation' as const, id, check, outcome, reasons, policyRevision: 7, tookMs: 1 }
      return publish({ ...annotation, application: 'billing', ...changes })
    },
    undecided(id: string, changes: Partial<Undecided> = {}, ofMessage: Partial<Message> = {}) {
      const content = {
        kind: 'stored' as const,
        key: id,
        sha256: '0'.repeat(64),
        contentBytes: 900,
        headerBytes: headerBlock.length,
      }
      const about = { ...message(id), ...ofMessage }
      const undecided = { v: 1, kind: 'undecided' as const, id, message: about, content, checks: ['address', 'domain'] }
      return publish({ ...ports.signer.sign({ ...undecided, acceptedAt: clock.now() }), ...changes }, headerBlock)
    },
    publish,
    asked: (): readonly Received[] =>
      ports.bus.records(topics.received.name).map(({ value }) => receivedCodec.decode(value ?? new Uint8Array()).record),
    decided: (): readonly { record: Decided; bytes: Uint8Array }[] =>
      ports.bus.records(topics.decided.name).map(({ value }) => decidedCodec.decode(value ?? new Uint8Array())),
    /** Records of `mail.annotations` that the group's watermark has not passed. */
    unread: async (): Promise<number> =>
      (await ports.bus.lag(groups.verdict, [topics.annotations.name])).reduce((sum, { records }) => sum + records, 0),
  }
}
