/** Every topic: its name, how it is kept, who reads it, and so what may be deleted. Both bus adapters start from this table. */

export const deferredTiers = ['1m', '5m', '15m', '1h', '4h'] as const
export type DeferredTier = (typeof deferredTiers)[number]

/** The wait of each tier, in ms. */
export const tierMs: Readonly<Record<DeferredTier, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
}

export const groups = {
  verdict: 'verdict',
  split: 'delivery-split',
  send: 'delivery-send',
  timer: 'delivery-timer',
  console: 'console',
} as const

/** The group of a checker. */
export const checkerGroup = (check: string): string => `check-${check}`

/**
 * How a topic is kept. `until-read`: nothing unread expires; the adapter deletes below the committed watermark of
 * every group in `readers`. `age`: by time, read or not; with `orWhenRead` an adapter may delete earlier what every
 * group that ever consumed the topic has read. `table`: compacted, the last record per key.
 */
export type Retention =
  | { readonly kind: 'until-read'; readonly readers: readonly string[] }
  | { readonly kind: 'age'; readonly ms: number; readonly orWhenRead?: boolean }
  | { readonly kind: 'table' }

export interface TopicSpec {
  readonly name: string
  readonly retention: Retention
}

const hour = 3_600_000
const day = 24 * hour
const untilRead = (...readers: string[]): Retention => ({ kind: 'until-read', readers })

export const topics = {
  received: { name: 'mail.received', retention: { kind: 'age', ms: hour, orWhenRead: true } },
  annotations: { name: 'mail.annotations', retention: untilRead(groups.verdict) },
  decided: { name: 'mail.decided', retention: untilRead(groups.split) },
  outboundUrgent: { name: 'mail.outbound.urgent', retention: untilRead(groups.send) },
  outboundNormal: { name: 'mail.outbound.normal', retention: untilRead(groups.send) },
  outboundBulk: { name: 'mail.outbound.bulk', retention: untilRead(groups.send) },
  deferred1m: { name: 'mail.deferred.1m', retention: untilRead(groups.timer) },
  deferred5m: { name: 'mail.deferred.5m', retention: untilRead(groups.timer) },
  deferred15m: { name: 'mail.deferred.15m', retention: untilRead(groups.timer) },
  deferred1h: { name: 'mail.deferred.1h', retention: untilRead(groups.timer) },
  deferred4h: { name: 'mail.deferred.4h', retention: untilRead(groups.timer) },
  held: { name: 'mail.held', retention: { kind: 'table' } },
  commands: { name: 'mail.commands', retention: { kind: 'age', ms: 7 * day } },
  orders: { name: 'mail.orders', retention: { kind: 'table' } },
  events: { name: 'mail.events', retention: { kind: 'age', ms: 7 * day } },
  policy: { name: 'policy', retention: { kind: 'table' } },
  roles: { name: 'mail.roles', retention: { kind: 'table' } },
  traces: { name: 'mail.traces', retention: { kind: 'table' } },
  audit: { name: 'console.audit', retention: { kind: 'table' } },
  owners: { name: 'console.owners', retention: { kind: 'table' } },
  dead: { name: 'mail.dead', retention: { kind: 'age', ms: 30 * day } },
} as const satisfies Record<string, TopicSpec>

export const outboundTopic = (trafficClass: 'urgent' | 'normal' | 'bulk'): string => `mail.outbound.${trafficClass}`
export const deferredTopic = (tier: DeferredTier): string => `mail.deferred.${tier}`

/** What a group reads. */
export interface Reader {
  readonly group: string
  readonly topics: readonly string[]
}

/** The groups whose lag, together, is every message that was accepted and waits for delivery, now or for a further attempt. */
export const queueReaders: readonly Reader[] = [
  { group: groups.split, topics: [topics.decided.name] },
  { group: groups.send, topics: [topics.outboundUrgent.name, topics.outboundNormal.name, topics.outboundBulk.name] },
  { group: groups.timer, topics: deferredTiers.map(deferredTopic) },
]

/** The roles that carry the checks of this program; those of others announce nothing. */
export const roleOfCheck: ReadonlyMap<string, string> = new Map([
  ['domain', 'domain-check'],
  ['address', 'address-check'],
  ['spam', 'spam-scoring'],
  ['throttle', 'throttle'],
])

/** The role whose processes are in a group. */
export function roleOfGroup(group: string): string {
  if (group.startsWith('check-')) return roleOfCheck.get(group.slice(6)) ?? group.slice(6)
  const [role = group] = group.split('-')
  return role
}
