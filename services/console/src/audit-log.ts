/**
 * The audit log: every change, kept as a row of its own in the table `console.audit`, so that it survives restarts and the loss of
 * the records, and every console shows all of it. No operation of the API changes or deletes a row.
 */
import { type Bus, maxRecordBytes } from '@sallyport/bus'
import { type AuditEntry, type AuditPage, auditCodec, newMessageId, SallyportError, topics } from '@sallyport/contracts'
import type { Clock, RolePorts } from '@sallyport/runtime'

export type AuditDraft = Omit<AuditEntry, 'id' | 'at'>

export interface AuditQuery {
  readonly who?: string | undefined
  readonly action?: AuditEntry['action'] | undefined
  readonly subject?: string | undefined
  readonly since?: number | undefined
  readonly until?: number | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface AuditLog {
  /**
   * Durable when it resolves. The change itself is made already: where the bus cannot take the entry it is tried again, then
   * logged as a whole, and the call fails as the bus does.
   */
  add(draft: AuditDraft): Promise<void>
  /** The newest first. */
  page(query: AuditQuery): AuditPage
  stop(): Promise<void>
}

const tries = 3
/** Entries are read by people, and a table's rows are in the memory of each console. */
const maxJsonChars = 64 * 1024

/** Resolves when the entries that stand are known. A row that cannot be read is logged and left out. */
export async function openAuditLog(ports: {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: RolePorts['log']
}): Promise<AuditLog> {
  const { bus, clock, log } = ports
  const entries = new Map<string, AuditEntry>()
  const table = await bus.table({
    topic: topics.audit.name,
    onRow(key, value) {
      if (value === null) return void entries.delete(key)
      try {
        const { v: _, kind: __, ...entry } = auditCodec.decode(value).record
        entries.set(key, entry)
      } catch (err) {
        log.error({ err, key }, 'an entry of the audit log cannot be read')
      }
    },
  })
  await table.loaded

  return {
    async add(draft) {
      const at = clock.now()
      const entry: AuditEntry = { ...draft, before: bounded(draft.before), after: bounded(draft.after), id: newMessageId(at), at }
      const value = auditCodec.encode({ v: 1, kind: 'audit', ...entry })
      if (value.byteLength > maxRecordBytes) throw new SallyportError('BUS_UNAVAILABLE', 'an entry of the audit log is too long')
      for (let attempt = 1; ; attempt++) {
        try {
          await bus.publish({ topic: topics.audit.name, key: entry.id, value }, { durable: true })
          break
        } catch (err) {
          if (attempt < tries) continue
          log.error({ err, entry }, 'a change was made, and the audit log could not be written: keep this line')
          throw err
        }
      }
      const { who, token, action, subject, reason } = entry
      log.info({ who, token, action, subject, reason }, 'a change')
      entries.set(entry.id, entry)
    },
    page({ limit, cursor, ...query }) {
      const found: AuditEntry[] = []
      for (const entry of newestFirst(entries)) {
        if ((cursor !== undefined && entry.id >= cursor) || !matches(entry, query)) continue
        found.push(entry)
        if (found.length > limit) break
      }
      const shown = found.slice(0, limit)
      return { entries: shown, next: found.length > limit ? (shown.at(-1)?.id ?? null) : null }
    },
    stop: () => table.stop(),
  }
}

const newestFirst = (entries: ReadonlyMap<string, AuditEntry>): AuditEntry[] =>
  [...entries.values()].sort((left, right) => (left.id < right.id ? 1 : -1))

function matches(entry: AuditEntry, { who, action, subject, since, until }: Omit<AuditQuery, 'limit' | 'cursor'>): boolean {
  return (
    (who === undefined || entry.who.startsWith(who)) &&
    (action === undefined || entry.action === action) &&
    (subject === undefined || entry.subject.startsWith(subject)) &&
    (since === undefined || entry.at >= since) &&
    (until === undefined || entry.at < until)
  )
}

/** What is too long to be read is cut, and says so. */
function bounded(value: unknown): unknown {
  const json = JSON.stringify(value ?? null)
  return json.length <= maxJsonChars ? (value ?? null) : { cut: `${json.slice(0, maxJsonChars)}…` }
}
