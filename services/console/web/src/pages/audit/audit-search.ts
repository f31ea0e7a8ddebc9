/** Which entries are looked for, as it stands in the address of the page. */
import type { AuditAction, Given, operations } from '@sallyport/contracts'

type AuditQuery = Given<(typeof operations)['listAudit']>['query']

/** What was done, in words. */
export const actionNames: Readonly<Record<AuditAction, string>> = {
  'policy.apply': 'applied a policy',
  'policy.switch': 'switched a check',
  'policy.rollback': 'rolled the policy back',
  'policy.restore': 'restored the policy',
  'quarantine.release': 'released a message',
  'quarantine.drop': 'dropped a message',
  'queue.pause': 'paused',
  'queue.resume': 'resumed',
  'queue.retry': 'retried',
  'queue.cancel': 'cancelled waiting mail',
  'queue.export': 'exported the queue',
  'content.read': 'read a message’s content',
  'records.backup': 'backed the records up',
  'records.restore': 'restored records',
  'limits.change': 'changed limits',
  'log-level.change': 'changed what is logged',
}

const isAction = (value: string | null): value is AuditAction => value !== null && Object.hasOwn(actionNames, value)
const dayMs = 86_400_000
/** How far back, in ms. */
export const auditTimes: Readonly<Record<string, number>> = {
  '24h': dayMs,
  '7d': 7 * dayMs,
  '30d': 30 * dayMs,
  '365d': 365 * dayMs,
}

/** What the API is asked; what the address says that is no filter is passed over. */
export function auditSearch(search: URLSearchParams, now: number): { readonly query: AuditQuery; readonly hasFilter: boolean } {
  const action = search.get('action')
  const who = search.get('who')?.trim()
  const subject = search.get('subject')?.trim()
  const sinceMs = auditTimes[search.get('time') ?? '']
  const query: AuditQuery = {
    ...(who ? { who } : {}),
    ...(subject ? { subject } : {}),
    ...(isAction(action) ? { action } : {}),
    ...(sinceMs === undefined ? {} : { since: now - sinceMs }),
  }
  return { query, hasFilter: Object.keys(query).length > 0 }
}
