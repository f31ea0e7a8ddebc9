/** How full the buckets of an application's limits are. */
import type { LimitsResponse } from '@sallyport/contracts'
import { type BucketFill, fillOf, type Limiter, readBucketName } from '@sallyport/limiter'
import { type CompiledPolicy, type ThrottleLimit, throttleLimits } from '@sallyport/policy'
import { unknownApplication } from './unknown-name.ts'

type Bucket = LimitsResponse['buckets'][number]

export interface LimitsQuery {
  readonly application: string
  /** Buckets at most. */
  readonly limit: number
  readonly cursor?: string | undefined
}

const check = 'throttle'

/**
 * The limits that the policy sets now, and each bucket of them that is not full, in shadow or in force: a bucket of a limit that is
 * no more is not shown. Fails with NOT_FOUND (no such application) or LIMITER_UNAVAILABLE.
 */
export async function limitsOf(
  policy: CompiledPolicy,
  limiter: Pick<Limiter, 'fill'>,
  { application, limit, cursor }: LimitsQuery,
): Promise<LimitsResponse> {
  const compiled = policy.application(application)
  if (!compiled) throw unknownApplication(policy, application)
  const limits = throttleLimits(compiled.settings(check))
  const mode = compiled.mode(check)
  const fills = await limiter.fill(application, { limit, ...(cursor === undefined ? {} : { after: cursor }) })
  const found = fills.flatMap((fill) => bucketOf(fill, limits))
  const full =
    cursor === undefined && mode !== 'off' ? limits.flatMap((each, index) => fullBucket(each, index, mode, application, found)) : []
  return {
    application,
    policyRevision: policy.revision,
    mode,
    limits: limits.map(({ per, count, rate, burst }) => ({ per: [...per], count, rate, burst })),
    buckets: [...full, ...found],
    next: fills.length === limit ? (fills.at(-1)?.name ?? null) : null,
  }
}

function bucketOf({ application, name, fullInMs }: BucketFill, limits: readonly ThrottleLimit[]): Bucket[] {
  for (const [index, limit] of limits.entries()) {
    const named = readBucketName(name, limit, limit.per)
    if (!named) continue
    const { mode, values } = named
    // With the burst of the policy, which is that of the next message.
    const { remaining } = fillOf({ application, name, intervalMs: limit.intervalMs, burst: limit.burst }, fullInMs * 1000, 0)
    const owner = isWhole(limit) ? { application } : Object.fromEntries(limit.per.map((each, at) => [each, values?.[at] ?? '']))
    return [{ limit: index, mode, owner: values ? owner : {}, burst: limit.burst, remaining, fullInMs }]
  }
  return []
}

/** Full ones are kept nowhere; those that are sure to exist are told all the same. */
function fullBucket(
  limit: ThrottleLimit,
  index: number,
  mode: Bucket['mode'],
  application: string,
  found: readonly Bucket[],
): Bucket[] {
  if (!isWhole(limit) || found.some((bucket) => bucket.limit === index && bucket.mode === mode)) return []
  return [{ limit: index, mode, owner: { application }, burst: limit.burst, remaining: limit.burst, fullInMs: 0 }]
}

const isWhole = ({ per }: ThrottleLimit): boolean => per.every((owner) => owner === 'application')
