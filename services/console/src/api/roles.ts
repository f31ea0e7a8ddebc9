/** `GET /api/roles`: who runs what, how far it is behind, and what the policy needs and nobody runs. */
import { checkerGroup, type RolesResponse, roleOfCheck } from '@sallyport/contracts'
import { type CompiledPolicy, unregistered } from '@sallyport/policy'
import { missingRoles, type SeenProcess } from '@sallyport/runtime'
import type { RoleReader } from './readers.ts'

/** What waits for the groups of a role. */
export interface RoleLag {
  readonly records: number
  readonly oldestAgeMs: number
}

/** A checker of others announces nothing: what waits for it longer than any budget says that nobody runs it. */
const unansweredMs = 60_000

export function rolesOf(
  policy: CompiledPolicy,
  processes: readonly SeenProcess[],
  readers: readonly RoleReader[],
  lagOf: (role: string) => RoleLag,
): RolesResponse {
  const names = new Set([...readers.map(({ role }) => role), ...processes.flatMap(({ roles }) => roles), 'ingress'])
  const roles = [...names].sort().map((role) => {
    const seen = processes.filter((process) => process.roles.includes(role))
    const instances = seen.filter(({ isAlive }) => isAlive).map(({ instance }) => instance)
    const { records, oldestAgeMs } = lagOf(role)
    return {
      role,
      processes: instances.length,
      instances: instances.sort(),
      lastSeenAt: seen.length === 0 ? null : Math.max(...seen.map(({ lastSeenAt }) => lastSeenAt)),
      records,
      oldestAgeMs,
    }
  })
  return { roles, missing: [...missingRoles(policy, processes).map(plain), ...unanswered(policy, lagOf)] }
}

const plain = ({ role, why, applications }: ReturnType<typeof missingRoles>[number]): RolesResponse['missing'][number] => ({
  role,
  why,
  applications: [...applications],
})

function unanswered(policy: CompiledPolicy, lagOf: (role: string) => RoleLag): RolesResponse['missing'] {
  const uses = new Map<string, string[]>()
  for (const name of [...policy.document.applications.map(({ name }) => name), unregistered]) {
    const application = policy.application(name)
    for (const check of application?.checks ?? []) {
      if (roleOfCheck.has(check)) continue
      const enforcedBy = uses.get(check) ?? []
      uses.set(check, enforcedBy)
      if (application?.mode(check) === 'enforce') enforcedBy.push(name)
    }
  }
  return [...uses].flatMap(([check, applications]) => {
    const group = checkerGroup(check)
    const { oldestAgeMs } = lagOf(group)
    if (oldestAgeMs < unansweredMs) return []
    return [{ role: group, why: `nobody has annotated ${check} for ${Math.round(oldestAgeMs / 1000)} s`, applications }]
  })
}
