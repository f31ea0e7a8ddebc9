/** How the buckets of a throttle are called: `enforce recipients 1000/h sender-domain=example.com`. */
import { hash } from 'node:crypto'

export interface BucketNaming {
  /** `monitor`: a shadow, which only watches. */
  readonly mode: 'enforce' | 'monitor'
  readonly count: string
  readonly rate: string
}

/** What the limiter takes (`BucketClaim.name`). */
const maxNameBytes = 400
const whole = 'application'

/** `values`: whose bucket, each with what it is. Those that are too long together are hashed. */
export function bucketName({ mode, count, rate }: BucketNaming, values: readonly (readonly [string, string])[]): string {
  const head = `${mode} ${count} ${rate}`
  const tail = values.map(([owner, value]) => (owner === whole ? owner : `${owner}=${value}`)).join(' ')
  const name = `${head} ${tail}`
  if (name.length * 3 <= maxNameBytes || Buffer.byteLength(name) <= maxNameBytes) return name
  return `${head} ${values.map(([owner]) => owner).join(' ')} sha256=${hash('sha256', tail)}`
}

export interface NamedBucket {
  readonly mode: BucketNaming['mode']
  /** In the order of `owners`; undefined where they are hashed. Empty for one of the application as a whole. */
  readonly values: readonly string[] | undefined
}

/** The bucket that this name stands for, where it is one of a limit with this count, rate and owners; else undefined. */
export function readBucketName(
  name: string,
  { count, rate }: Omit<BucketNaming, 'mode'>,
  owners: readonly string[],
): NamedBucket | undefined {
  const [mode, ...rest] = name.split(' ')
  if (mode !== 'enforce' && mode !== 'monitor') return undefined
  if (rest[0] !== count || rest[1] !== rate) return undefined
  const tail = rest.slice(2).join(' ')
  if (owners.every((owner) => owner === whole)) return tail === whole ? { mode, values: [] } : undefined
  if (tail.startsWith(`${owners.join(' ')} sha256=`)) return { mode, values: undefined }
  const values = new RegExp(`^${owners.map((owner) => `${owner}=(.*)`).join(' ')}$`, 's').exec(tail)
  // `sender=` alone would also read what goes on with a further owner.
  return values && ownersIn(tail) === owners.join(' ') ? { mode, values: values.slice(1) } : undefined
}

/** Values hold no `name=` of an owner behind a space, but for quoted local parts, which stand before their domain. */
const ownersIn = (tail: string): string =>
  [...tail.matchAll(/(?:^| )(sender|sender-domain|recipient-domain)=/g)].map((each) => each[1]).join(' ')
