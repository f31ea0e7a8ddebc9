/** Applications: volume, violations, what they send as, and what enforcing would do. */
import {
  type ApplicationDetail,
  type ApplicationReadiness,
  type Applications,
  operations,
  type Violation,
  type Volume,
} from '@sallyport/contracts'
import type { CompiledApplication, CompiledPolicy } from '@sallyport/policy'
import type { FastifyInstance } from 'fastify'
import { unknownApplication } from '../unknown-name.ts'
import { checkReadiness } from './check-readiness.ts'
import { currentPolicy } from './operations.ts'
import { checksOf } from './readers.ts'
import { BadRequest, serve } from './serve.ts'
import type { ApiPorts } from './server.ts'

const week = 7 * 86_400_000

export function applicationRoutes(app: FastifyInstance, api: ApiPorts): void {
  const { records, ports } = api

  serve(app, operations.listApplications, async ({ query }): Promise<Applications> => {
    const policy = currentPolicy(api)
    const period = periodOf(query)
    const seen = new Map((await records.applications(period)).applications.map((one) => [one.application, one]))
    // Mail of an application that is gone from the policy is still shown.
    const names = new Set([...policy.document.applications.map(({ name }) => name), ...seen.keys()])
    return {
      policyRevision: policy.revision,
      since: period.since,
      applications: Array.from(names, (name) => {
        const found = seen.get(name)
        return {
          name,
          owner: policy.application(name)?.owner ?? '',
          checks: modesOf(policy, name),
          volume: volumeOf(found),
          violations: Object.fromEntries(sumByCheck(found?.violations ?? [])),
          lastSeenAt: found?.lastAt ?? null,
        }
      }),
    }
  })

  serve(app, operations.getApplication, async ({ params, query }): Promise<ApplicationDetail> => {
    const { name } = params
    const policy = currentPolicy(api)
    const application = policy.application(name)
    const { since, until } = periodOf(query)
    const [seen, days, violations, identities] = await Promise.all([
      records.applications({ since, until }),
      records.statistics({ of: 'messages', by: ['verdict'], application: name, since, until, step: 'day' }),
      records.violations({ applications: [name], by: 'rule', limit: 200, since, until }),
      records.identities({ application: name, since, until }),
    ])
    const found = seen.applications.find((one) => one.application === name)
    if (!application && !found) throw unknownApplication(policy, name)
    return {
      name,
      owner: application?.owner || null,
      policyRevision: policy.revision,
      checks: modesOf(policy, name),
      settings: Object.fromEntries((application?.checks ?? []).map((check) => [check, application?.settings(check)])),
      ...registrationOf(application),
      since,
      until,
      volume: volumeOf(found),
      perDay: perDay(days.rows),
      violations: violations.violations.map(violationOf),
      identities: [
        ...identities.senders.map((one) => ({ kind: 'envelope' as const, ...one })),
        ...identities.from.map((one) => ({ kind: 'header' as const, ...one })),
      ].sort((left, right) => right.messages - left.messages),
    }
  })

  serve(app, operations.getReadiness, async ({ params, query }): Promise<ApplicationReadiness> => {
    const { name } = params
    const policy = currentPolicy(api)
    const application = policy.application(name)
    const { since, until } = periodOf(query)
    const found = await records.readiness({ application: name, since, until, violations: 50 })
    if (!application && found.checks.length === 0) throw unknownApplication(policy, name)
    const judged = new Map(found.checks.map((one) => [one.check, one]))
    const checks = [...new Set([...(application?.checks ?? []), ...judged.keys()])].sort()
    return {
      application: name,
      owner: application?.owner || null,
      policyRevision: policy.revision,
      since,
      until,
      checks: checks.map((check) => checkReadiness(check, application?.mode(check) ?? 'off', judged.get(check), violationOf)),
    }
  })

  function periodOf({ since, until = ports.clock.now() }: { readonly since?: number; readonly until?: number }) {
    const from = since ?? Math.max(0, until - week)
    if (from > until) throw new BadRequest('query since: is after until')
    return { since: from, until }
  }
}

function modesOf(policy: CompiledPolicy, name: string): Applications['applications'][number]['checks'] {
  const application = policy.application(name)
  return Object.fromEntries([...new Set(checksOf(policy))].sort().map((check) => [check, application?.mode(check) ?? 'off']))
}

function volumeOf(seen: Volume | undefined): Volume {
  const { messages = 0, refused = 0, held = 0, wouldRefuse = 0 } = seen ?? {}
  return { messages, refused, held, wouldRefuse }
}

function sumByCheck(violations: readonly { readonly check: string; readonly messages: number }[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { check, messages } of violations) sums.set(check, (sums.get(check) ?? 0) + messages)
  return sums
}

function registrationOf(application: CompiledApplication | undefined): Pick<ApplicationDetail, 'from' | 'senders' | 'route'> {
  const { from, senders } = application?.declared ?? {}
  return {
    from: {
      networks: [...(from?.networks ?? [])],
      auth: (from?.auth ?? []).map(({ user }) => user),
      certificates: [...(from?.certificates ?? [])],
    },
    senders: {
      domains: [...(application?.authorizedDomains.patterns ?? [])],
      addresses: [...(senders?.addresses ?? [])],
      directories: [...(senders?.directories ?? [])],
    },
    route: application?.route ?? 'default',
  }
}

interface VerdictRow {
  readonly at?: number
  readonly verdict?: string
  readonly messages: number
  readonly accepted?: number
  readonly wouldRefuse?: number
}

function perDay(rows: readonly VerdictRow[]): ApplicationDetail['perDay'] {
  const days = new Map<number, ApplicationDetail['perDay'][number]>()
  for (const { at = 0, verdict, messages, accepted = 0, wouldRefuse = 0 } of rows) {
    const day = days.get(at) ?? { day: at, messages: 0, refused: 0, held: 0, wouldRefuse: 0 }
    day.messages += messages
    day.refused += messages - accepted
    day.wouldRefuse += wouldRefuse
    if (verdict === 'hold') day.held += messages
    days.set(at, day)
  }
  return [...days.values()].sort((left, right) => left.day - right.day)
}

type FoundViolation = Awaited<ReturnType<ApiPorts['records']['violations']>>['violations'][number]

export function violationOf({ check, rule, messages, firstAt, lastAt, samples, told }: FoundViolation): Violation {
  return { check, rule, text: told?.text ?? rule, fix: told?.fix ?? null, messages, firstAt, lastAt, samples: [...samples] }
}
