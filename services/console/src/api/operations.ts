/** `GET /api/applications` and `GET /api/lag`. */
import {
  type Applications,
  checkerGroup,
  deferredTiers,
  deferredTopic,
  groups,
  type LagResponse,
  outboundTopic,
  SallyportError,
  topics,
} from '@sallyport/contracts'
import type { CompiledPolicy } from '@sallyport/policy'
import type { FastifyInstance } from 'fastify'
import { consoleGroup } from '../event-intake.ts'
import type { ApiPorts } from './server.ts'

export function operationRoutes(app: FastifyInstance, { ports, records }: ApiPorts): void {
  app.get('/api/applications', async (): Promise<Applications> => applicationsOf(currentPolicy()))

  app.get('/api/lag', async (): Promise<LagResponse> => {
    const all = await Promise.all(readers().map(({ group, topics }) => lagOf(group, topics)))
    return { lag: all.flat() }
  })

  function currentPolicy(): CompiledPolicy {
    try {
      return ports.policy.current()
    } catch {
      throw new SallyportError('NOT_FOUND', 'there is no policy yet: apply one')
    }
  }

  /** Every group and what it reads. Of the checkers those that the policy names. */
  function readers(): readonly { readonly group: string; readonly topics: readonly string[] }[] {
    const checks = new Set(checksOf(currentPolicy()))
    return [
      ...[...checks].sort().map((check) => ({ group: checkerGroup(check), topics: [topics.received.name] })),
      { group: groups.verdict, topics: [topics.annotations.name] },
      { group: groups.split, topics: [topics.decided.name, topics.commands.name] },
      { group: groups.send, topics: (['urgent', 'normal', 'bulk'] as const).map(outboundTopic) },
      { group: groups.timer, topics: deferredTiers.map(deferredTopic) },
      { group: consoleGroup(records), topics: [topics.events.name] },
    ]
  }

  async function lagOf(group: string, names: readonly string[]): Promise<LagResponse['lag']> {
    const partitions = await ports.bus.lag(group, names)
    return names.map((topic) => {
      const behind = partitions
        .filter((one) => one.topic === topic && one.records > 0)
        .map(({ partition, records, oldestAgeMs }) => ({ partition, records, oldestAgeMs }))
      return {
        group,
        topic,
        records: behind.reduce((sum, { records }) => sum + records, 0),
        oldestAgeMs: Math.max(0, ...behind.map(({ oldestAgeMs }) => oldestAgeMs)),
        partitions: behind,
      }
    })
  }
}

const checksOf = ({ document }: CompiledPolicy): string[] => [
  'address',
  'domain',
  ...Object.keys(document.defaults?.checks ?? {}),
  ...document.applications.flatMap(({ checks }) => Object.keys(checks ?? {})),
]

function applicationsOf(policy: CompiledPolicy): Applications {
  const checks = [...new Set(checksOf(policy))].sort()
  return {
    policyRevision: policy.revision,
    applications: policy.document.applications.map(({ name, owner }) => {
      const application = policy.application(name)
      return { name, owner, checks: Object.fromEntries(checks.map((check) => [check, application?.mode(check) ?? 'off'])) }
    }),
  }
}
