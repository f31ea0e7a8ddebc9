/** The quarantine as the table `mail.held` shows it. */
import type { Bus } from '@sallyport/bus'
import { type Held, type HeldSummary, heldCodec, type Quarantine, topics } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'

export interface QuarantineQuery {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly application?: string | undefined
  readonly cause?: Held['cause'] | undefined
  /** Stands in id, sender, a recipient or the explanation, in any case. */
  readonly text?: string | undefined
  /** Held before this time, ms since the epoch. */
  readonly before?: number | undefined
}

export interface QuarantineView {
  get(id: string): HeldSummary | undefined
  /** Where the content of a held message is. */
  held(id: string): Held | undefined
  /** The oldest first. */
  page(query: QuarantineQuery): Quarantine
  ids(): readonly string[]
  readonly size: number
  stop(): Promise<void>
}

interface Row {
  readonly summary: HeldSummary
  /** The record alone, without the header block. */
  readonly encoded: Uint8Array
}

/** Resolves when the rows that stand are known. A row that cannot be read is logged and left out. */
export async function followQuarantine(bus: Bus, log: RolePorts['log']): Promise<QuarantineView> {
  const rows = new Map<string, Row>()
  const table = await bus.table({
    topic: topics.held.name,
    onRow(id, value) {
      if (value === null) {
        rows.delete(id)
        return
      }
      try {
        const { record } = heldCodec.decode(value)
        rows.set(id, { summary: summarize(record), encoded: heldCodec.encode(record) })
      } catch (err) {
        log.error({ err, id }, 'a row of the quarantine cannot be read')
      }
    },
  })
  await table.loaded
  return {
    get: (id) => rows.get(id)?.summary,
    held(id) {
      const row = rows.get(id)
      return row && heldCodec.decode(row.encoded).record
    },
    page({ limit, cursor, ...query }) {
      const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString()
      const matching = Array.from(rows.values(), ({ summary }) => summary).filter((summary) => matches(summary, query))
      const following = matching
        .filter((summary) => place(summary) > after)
        .sort((left, right) => (place(left) < place(right) ? -1 : 1))
      const shown = following.slice(0, limit)
      const last = following.length > limit ? shown.at(-1) : undefined
      return { held: shown, total: matching.length, next: last ? Buffer.from(place(last)).toString('base64url') : null }
    },
    ids: () => [...rows.keys()],
    get size() {
      return rows.size
    },
    stop: () => table.stop(),
  }
}

function matches(summary: HeldSummary, { application, cause, text, before }: Omit<QuarantineQuery, 'limit' | 'cursor'>): boolean {
  if (application !== undefined && summary.application !== application) return false
  if (cause !== undefined && summary.cause !== cause) return false
  if (before !== undefined && summary.heldAt >= before) return false
  if (text === undefined) return true
  const wanted = text.toLowerCase()
  return [summary.id, summary.sender, summary.explanation, ...summary.recipients].some((one) => one.toLowerCase().includes(wanted))
}

/** Sorts as text by time, then id. */
const place = ({ heldAt, id }: HeldSummary): string => `${String(heldAt).padStart(15, '0')} ${id}`

function summarize({ message, content, cause, explanation, heldAt, expiresAt, onExpiry, remaining }: Held): HeldSummary {
  return {
    id: message.id,
    application: message.application,
    sender: message.sender,
    recipients: message.recipients.filter(({ index }) => remaining.includes(index)).map(({ address }) => address),
    contentBytes: content.contentBytes,
    cause,
    explanation,
    heldAt,
    expiresAt,
    onExpiry,
  }
}
