/** What the policy needs and no process runs, in words for an operator. */
import { roleOfCheck } from '@sallyport/contracts'
import { type CompiledApplication, type CompiledPolicy, unregistered } from '@sallyport/policy'
import type { SeenProcess } from './role.ts'

export interface MissingRole {
  readonly role: string
  /** Who needs it, and what becomes of their mail meanwhile. */
  readonly why: string
  /** Those that enforce its check; empty for a role that is no checker, and for a check that is only watched. */
  readonly applications: readonly string[]
}

interface CheckUse {
  readonly enforcedBy: readonly string[]
  readonly watchedBy: readonly string[]
}

/** Everybody needs these. */
const always = {
  ingress: 'no mail is taken',
  delivery: 'what is accepted waits',
  console: 'nobody shows traces or changes the policy; events are kept for 7 days',
} as const

/** Checks that are not carried by a role of ours are left out: who carries those announces nothing. */
export function missingRoles(policy: CompiledPolicy, processes: readonly SeenProcess[]): readonly MissingRole[] {
  const running = new Set(processes.flatMap(({ isAlive, roles }) => (isAlive ? roles : [])))
  const uses = checkUses(policy)
  const needed: MissingRole[] = [...uses].flatMap(([check, use]) => {
    const role = roleOfCheck.get(check)
    return role === undefined ? [] : [{ role, why: whyCheck(check, use), applications: use.enforcedBy }]
  })
  if (uses.size > 0) needed.push({ role: 'verdict', why: whyVerdict(uses), applications: [] })
  needed.push(...Object.entries(always).map(([role, why]) => ({ role, why, applications: [] })))
  return needed.filter(({ role }) => !running.has(role))
}

/** True where without verdict no application can get mail in: all enforce, and none accepts what is undecided. */
export function needsVerdictToAccept(policy: CompiledPolicy): boolean {
  return applicationsOf(policy).every(
    ({ hasEnforcedCheck, whenUndecided, reply }) => hasEnforcedCheck && whenUndecided === 'defer' && reply !== 'at-once',
  )
}

function applicationsOf(policy: CompiledPolicy): readonly CompiledApplication[] {
  const { applications, unregistered: others } = policy.document
  const names = applications.map(({ name }) => name)
  if (others?.mode === 'monitor') names.push(unregistered)
  return names.flatMap((name) => policy.application(name) ?? [])
}

const known = new WeakMap<CompiledPolicy, ReadonlyMap<string, CheckUse>>()

/** Who uses which check; worked out once for each revision. */
function checkUses(policy: CompiledPolicy): ReadonlyMap<string, CheckUse> {
  const before = known.get(policy)
  if (before) return before
  const uses = new Map<string, { enforcedBy: string[]; watchedBy: string[] }>()
  for (const application of applicationsOf(policy)) {
    for (const check of application.checks) {
      const use = uses.get(check) ?? { enforcedBy: [], watchedBy: [] }
      uses.set(check, use)
      use[application.mode(check) === 'enforce' ? 'enforcedBy' : 'watchedBy'].push(application.name)
    }
  }
  known.set(policy, uses)
  return uses
}

const whyCheck = (check: string, { enforcedBy, watchedBy }: CheckUse): string =>
  enforcedBy.length > 0
    ? `${check} is enforced by ${listed(enforcedBy)}: their mail gets what whenUnavailable says`
    : `${check} is watched by ${listed(watchedBy)}: nothing is counted`

function whyVerdict(uses: ReadonlyMap<string, CheckUse>): string {
  const enforcing = new Set([...uses.values()].flatMap(({ enforcedBy }) => enforcedBy))
  return enforcing.size > 0
    ? `mail of ${listed([...enforcing])} waits for its verdict, and gets what whenUndecided says`
    : 'checks are watched: nothing is counted'
}

function listed(names: readonly string[]): string {
  const [first, second, third, ...rest] = names
  if (rest.length === 0) return [first, second, third].filter((name) => name !== undefined).join(', ')
  return `${first}, ${second} and ${rest.length + 1} others`
}
