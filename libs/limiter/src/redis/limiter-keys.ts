/** Names of the limiter's keys. All stand under one hash tag, since one call touches several: a cluster keeps them on one node. */
import { bucketId } from '../limiter-rows.ts'

export interface LimiterKeys {
  /** What the keys of buckets begin with; their id follows. */
  readonly buckets: string
  readonly names: string
  readonly ends: string
  reservation(messageId: string): string
  bucket(application: string, name: string): string
}

export function limiterKeys(prefix: string): LimiterKeys {
  const tagged = `${prefix}{limits}:`
  const buckets = `${tagged}bucket:`
  return {
    buckets,
    names: `${tagged}names`,
    ends: `${tagged}ends`,
    reservation: (messageId) => `${tagged}reservation:${messageId}`,
    bucket: (application, name) => buckets + bucketId(application, name),
  }
}
