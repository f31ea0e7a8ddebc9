/** `GET /api/applications`, `GET /api/lag` and `GET /api/roles`. */
import { type Applications, type LagResponse, type RolesResponse, SallyportError } from '@sallyport/contracts'
import type { CompiledPolicy } from '@sallyport/policy'
import type { FastifyInstance } from 'fastify'
import { consoleGroup } from '../event-intake.ts'
import { checksOf, type RoleReader, roleReaders } from './readers.ts'
import { rolesOf } from './roles.ts'
import type { ApiPorts } from './server.ts'

export function operationRoutes(app: FastifyInstance, { ports, records }: ApiPorts): void {
  app.get('/api/applications', async (): Promise<Applications> => applicationsOf(currentPolicy()))

  app.get('/api/lag', async (): Promise<LagResponse> => {
    const all = await Promise.all(readers().map(({ group, topics }) => lagOf(group, topics)))
    return { lag: all.flat() }
  })

  app.get('/api/roles', async (): Promise<RolesResponse> => {
    const all = readers()
    const lags = await Promise.all(
      all.map(async (reader) => ({ role: reader.role, lags: await lagOf(reader.group, reader.topics) })),
    )
    return rolesOf(currentPolicy(), ports.presence?.processes() ?? [], all, (role) => {
      const own = lags.flatMap((one) => (one.role === role ? one.lags : []))
      return {
        records: own.reduce((sum, { records }) => sum + records, 0),
        oldestAgeMs: Math.max(0, ...own.map(({ oldestAgeMs }) => oldestAgeMs)),
      }
    })
  })

  function currentPolicy(): CompiledPolicy {
    try {
      return ports.policy.current()
    } catch {
      throw new SallyportError('NOT_FOUND', 'there is no policy yet: apply one')
    }
  }

  const readers = (): readonly RoleReader[] => roleReaders(currentPolicy(), consoleGroup(records))

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

function applicationsOf(policy: CompiledPolicy): Applications {
  const checks = [...new Set(checksOf(policy))].sort()
  return {
    policyRevision: policy.revision,
    since: 0,
    applications: policy.document.applications.map(({ name, owner }) => {
      const application = policy.application(name)
      return {
        name,
        owner,
        checks: Object.fromEntries(checks.map((check) => [check, application?.mode(check) ?? 'off'])),
        volume: { messages: 0, refused: 0, held: 0, wouldRefuse: 0 },
        violations: {},
        lastSeenAt: null,
      }
    }),
  }
}
