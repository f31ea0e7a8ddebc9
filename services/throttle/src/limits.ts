/** The limits of the policy, read once for each revision. */
import type { CheckSettings, Limit } from '@sallyport/policy'

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

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const owners: readonly Owner[] = ['application', 'sender', 'sender-domain', 'recipient-domain']
const none: readonly ThrottleLimit[] = []

const bySettings = new WeakMap<CheckSettings, readonly ThrottleLimit[]>()

/**
 * Of limits that differ in their burst alone the smallest stays: they have one bucket, and whatever conforms to the smallest
 * conforms to the others.
 */
export function limitsOf(settings: CheckSettings): readonly ThrottleLimit[] {
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
