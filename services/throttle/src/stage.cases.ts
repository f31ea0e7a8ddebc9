/** Throttles on ports in memory: so many members of the group, one limiter, and what they found. */
import { type Annotation, annotationCodec, newMessageId, receivedCodec, topics } from '@sallyport/contracts'
import type { Limiter } from '@sallyport/limiter'
import { compilePolicy, type PolicyDocument } from '@sallyport/policy'
import { eventually, testPorts } from '@sallyport/testkit'
import { startThrottle } from './index.ts'

export interface Asked {
  readonly id?: string
  readonly sender?: string
  readonly recipients?: number
}

export interface Stage {
  /** Publishes the question, and resolves with the id. */
  ask(asked?: Asked): Promise<string>
  /** Every annotation of this message, once there are `count`. */
  annotationsOf(id: string, count?: number): Promise<readonly Annotation[]>
  stop(): Promise<void>
}

const header = Buffer.from('From: Invoices <invoices@example.com>\r\n\r\n')

export async function stage(
  limiter: Limiter,
  application: Partial<PolicyDocument['applications'][number]>,
  members = 1,
): Promise<Stage> {
  const compiled = compilePolicy(
    {
      organization: { name: 'Example', domains: ['example.com'] },
      applications: [{ name: 'billing', owner: 'billing@example.com', from: {}, ...application }],
      routes: { default: { capture: true } },
    },
    1,
  )
  const ports = testPorts({ compiled })
  const roles = await Promise.all(Array.from({ length: members }, () => startThrottle({ ...ports, limiter }, { concurrency: 16 })))
  const annotations = (): Annotation[] =>
    ports.bus.records(topics.annotations.name).flatMap(({ value }) => {
      const record = value && annotationCodec.decode(value).record
      return record?.kind === 'annotation' ? [record] : []
    })
  return {
    async ask({ id = newMessageId(), sender = 'invoices@example.com', recipients = 1 } = {}) {
      const value = receivedCodec.encode(
        {
          v: 1,
          kind: 'received',
          message: {
            id,
            application: 'billing',
            policyRevision: 1,
            traceparent: '',
            receivedAt: 0,
            client: { address: '10.0.0.1', helo: 'app' },
            sender,
            recipients: Array.from({ length: recipients }, (_, index) => ({ index, address: `u${index}@partner.example` })),
          },
          content: { kind: 'inline', contentBytes: header.length, headerBytes: header.length },
          checks: ['throttle'],
          budgetMs: 20_000,
          annotateTo: { topic: topics.annotations.name, partition: 0 },
          again: true,
        },
        header,
      )
      await ports.bus.publish({ topic: topics.received.name, key: id, value })
      return id
    },
    annotationsOf: (id, count = 1) =>
      eventually(() => {
        const found = annotations().filter((annotation) => annotation.id === id)
        return found.length >= count ? found : undefined
      }),
    async stop() {
      await Promise.all(roles.map((role) => role.stop()))
    },
  }
}
