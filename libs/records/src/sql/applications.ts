/** Who sent, how much, as whom, and against which check. */
import { sql } from 'kysely'
import type { ApplicationSeen, ApplicationsSeen, Identities, Identity } from '../answers.ts'
import { domainOf } from '../project/identity.ts'
import { dayMs, hourMs } from '../project/tally.ts'
import type { IdentitiesQuery, Period } from '../questions.ts'
import { countedIn, everyApplication, type Hours, hoursOf, sumOf } from './roll-ups.ts'
import type { Reading } from './tables.ts'

type Violation = ApplicationSeen['violations'][number]

export async function applicationsSeen({ db }: Reading, period: Period): Promise<ApplicationsSeen> {
  const hours = hoursOf(period)
  const edges = await edgesOf(db, hours)
  const volumes = await db
    .selectFrom(countedIn('messages', hours, [everyApplication]))
    .select(['application', sumOf('messages').as('messages'), sumOf('distinct_messages').as('distinct')])
    .select([sumOf('accepted').as('accepted'), sumOf('would_refuse').as('wouldRefuse'), sumOf('recipients').as('recipients')])
    .select([sumOf('delivered').as('delivered'), sumOf('failed').as('failed'), sumOf('content_bytes').as('contentBytes')])
    .select(sql<number>`sum(case when verdict <> 'abandoned' then messages - accepted else 0 end)`.as('refused'))
    .select(sql<number>`sum(case when verdict = 'hold' then messages else 0 end)`.as('held'))
    .groupBy('application')
    .execute()
  const failures = await db
    .selectFrom(countedIn('checks', hours, [everyApplication, sql`outcome = 'fail'`]))
    .select(['application', 'check_name', 'mode'])
    .select([sumOf('messages').as('messages'), sumOf('distinct_messages').as('distinct')])
    .groupBy(['application', 'check_name', 'mode'])
    .orderBy('check_name')
    .orderBy('mode')
    .execute()
  const violations = new Map<string, Violation[]>()
  for (const { application, check_name: check, mode, ...counted } of failures) {
    violations.set(application, [...(violations.get(application) ?? []), { check, mode: mode as Violation['mode'], ...counted }])
  }
  const applications = volumes.map((volume): ApplicationSeen => {
    const { first, last } = edges.get(volume.application) ?? {}
    const at = { firstAt: (first ?? 0) * hourMs, lastAt: (last ?? 0) * hourMs }
    return { ...volume, ...at, violations: violations.get(volume.application) ?? [] }
  })
  return {
    applications: applications.sort(
      (left, right) => right.messages - left.messages || (left.application < right.application ? -1 : 1),
    ),
  }
}

/** The first and the last hour in which each application sent: each is one step into the key. */
async function edgesOf(db: Reading['db'], { since, until }: Hours) {
  const hour = (edge: 'min' | 'max') =>
    sql<number | null>`(select ${sql.raw(edge)}(hour) from hourly_messages
      where hourly_messages.application = applications.application and hour >= ${since} and hour < ${until})`
  const rows = await db
    .selectFrom('applications')
    .select(['application', hour('min').as('first'), hour('max').as('last')])
    .execute()
  return new Map(rows.map(({ application, ...edges }) => [application, edges]))
}

/** Addresses that are read to tell the domains. */
const maxAddresses = 10_000

export async function identitiesOf(
  { db }: Reading,
  { application, since = 0, until, limit = 50 }: IdentitiesQuery,
): Promise<Identities> {
  const of = async (kind: string) => {
    const found = await db
      .selectFrom('daily_identities')
      .select(['address', sumOf('messages').as('messages'), sql<number>`max(day)`.as('last')])
      .where('application', '=', application)
      .where('day', '>=', Math.floor(since / dayMs))
      .where('day', '<', until === undefined ? 2 ** 31 - 1 : Math.ceil(until / dayMs))
      .where('kind', '=', kind)
      .groupBy('address')
      .orderBy('messages', 'desc')
      .orderBy('address')
      .limit(maxAddresses)
      .execute()
    const addresses = found.map(({ last, ...one }): Identity => ({ ...one, lastAt: last * dayMs }))
    return { addresses: addresses.slice(0, limit), domains: domainsOf(addresses).slice(0, limit) }
  }
  const [senders, from] = [await of('envelope'), await of('header')]
  return { senders: senders.addresses, from: from.addresses, senderDomains: senders.domains, fromDomains: from.domains }
}

function domainsOf(addresses: readonly Identity[]): Identity[] {
  const domains = new Map<string, Identity>()
  for (const { address, messages, lastAt } of addresses) {
    const domain = domainOf(address)
    const known = domains.get(domain) ?? { address: domain, messages: 0, lastAt: 0 }
    domains.set(domain, { ...known, messages: known.messages + messages, lastAt: Math.max(known.lastAt, lastAt) })
  }
  return [...domains.values()].sort((left, right) => right.messages - left.messages || (left.address < right.address ? -1 : 1))
}
