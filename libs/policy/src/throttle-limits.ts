/** The limits of the policy, read once for each revision, and how they are called. */
import type { CheckSettings, Limit } from './check-settings-schema.ts'

export type Owner = 'application' | 'sender' | 'sender-domain' | 'recipient-domain'

export interface ThrottleLimit {
  /** Whose bucket, in one order and each once: `application` says nothing more where others stand beside it, as every bucket is one of the application. */
  readonly per: readonly Owner[]
  readonly count: Limit['count']
  /** As the policy writes it: `1000/h`. */
  readonly rate: string
  readonly burst: number
  /** How long one unit takes to come back, ms. */
  readonly intervalMs: number
}

/** Who is behind a message, in the form in which the throttle counts them. */
export type LimitOwners = Readonly<Record<Owner, string>>

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const owners: readonly Owner[] = ['application', 'sender', 'sender-domain', 'recipient-domain']
const none: readonly ThrottleLimit[] = []

const bySettings = new WeakMap<CheckSettings, readonly ThrottleLimit[]>()

/**
 * Of limits that differ in their burst alone the smallest stays: they have one bucket, and whatever conforms to the smallest
 * conforms to the others.
 */
export function throttleLimits(settings: CheckSettings): readonly ThrottleLimit[] {
  if (settings.limits === undefined) return none
  let limits = bySettings.get(settings)
  if (!limits) {
    const byName = new Map<string, ThrottleLimit>()
    for (const limit of settings.limits.map(readLimit)) {
      const name = `${limit.count} ${limit.rate} ${limit.per.join(' ')}`
      const other = byName.get(name)
      if (!other || limit.burst < other.burst) byName.set(name, limit)
    }
    limits = [...byName.values()]
    bySettings.set(settings, limits)
  }
  return limits
}

/** Each of `per` with its value. */
export const limitValues = ({ per }: ThrottleLimit, values: LimitOwners): readonly (readonly [Owner, string])[] =>
  per.map((owner) => [owner, values[owner]])

/** `1000/h recipients per sender-domain example.com, burst 500`: of two buckets of an application, or two shapes of one, no two are called the same. */
export function limitText(limit: ThrottleLimit, values: LimitOwners): string {
  const owner = limitValues(limit, values).map((value) => value.join(' '))
  return `${limit.rate} ${limit.count} per ${owner.join(' and ')}, burst ${limit.burst}`
}

function readLimit({ per, count, rate, burst }: Limit): ThrottleLimit {
  const [units = '', unit = ''] = rate.split('/')
  const named: readonly string[] = typeof per === 'string' ? [per] : per
  const known = owners.filter((owner) => named.includes(owner))
  const others = known.filter((owner) => owner !== 'application')
  return {
    per: others.length > 0 ? others : known,
    count,
    rate,
    burst,
    intervalMs: (unitMs[unit] ?? Number.NaN) / Number(units),
  }
}
