/** Who runs what, and how far each is behind. */
import { type LagResponse, operations, SallyportError } from '@sallyport/contracts'
import type { CompiledPolicy } from '@sallyport/policy'
import type { FastifyInstance } from 'fastify'
import { consoleGroupIfAny } from '../event-intake.ts'
import { type RoleReader, roleReaders } from './readers.ts'
import { type RoleLag, rolesOf } from './roles.ts'
import { serve } from './serve.ts'
import type { ApiPorts } from './server.ts'

export function operationRoutes(app: FastifyInstance, api: ApiPorts): void {
  const { ports } = api

  serve(app, operations.getLag, async () => {
    const all = await Promise.all(readersOf(api).map(({ group, topics }) => lagOf(api, group, topics)))
    return { lag: all.flat() }
  })

  serve(app, operations.getRoles, async () => {
    const all = readersOf(api)
    const lags = await lagByRole(api, all)
    return rolesOf(
      currentPolicy(api),
      ports.presence?.processes() ?? [],
      all,
      (role) => lags.get(role) ?? { records: 0, oldestAgeMs: 0 },
    )
  })
}

/** Fails with NOT_FOUND where there is none yet. */
export function currentPolicy({ ports }: Pick<ApiPorts, 'ports'>): CompiledPolicy {
  try {
    return ports.policy.current()
  } catch {
    throw new SallyportError('NOT_FOUND', 'there is no policy yet: apply one')
  }
}

export const readersOf = (api: Pick<ApiPorts, 'ports' | 'records'>): readonly RoleReader[] =>
  roleReaders(currentPolicy(api), consoleGroupIfAny(api.records))

export async function lagByRole(
  api: Pick<ApiPorts, 'ports'>,
  readers: readonly RoleReader[],
): Promise<ReadonlyMap<string, RoleLag>> {
  const byRole = new Map<string, RoleLag>()
  const lags = await Promise.all(readers.map(async ({ role, group, topics }) => ({ role, lags: await lagOf(api, group, topics) })))
  for (const { role, lags: own } of lags) {
    const before = byRole.get(role) ?? { records: 0, oldestAgeMs: 0 }
    byRole.set(role, {
      records: own.reduce((sum, { records }) => sum + records, before.records),
      oldestAgeMs: Math.max(before.oldestAgeMs, ...own.map(({ oldestAgeMs }) => oldestAgeMs)),
    })
  }
  return byRole
}

async function lagOf({ ports }: Pick<ApiPorts, 'ports'>, group: string, names: readonly string[]): Promise<LagResponse['lag']> {
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
