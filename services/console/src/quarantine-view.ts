/** The quarantine as the table `mail.held` shows it. */
import type { Bus } from '@sallyport/bus'
import { type HeldSummary, heldCodec, type Quarantine, topics } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'

export interface QuarantineView {
  get(id: string): HeldSummary | undefined
  /** The oldest first. */
  page(query: {
    readonly limit: number
    readonly cursor?: string | undefined
    readonly application?: string | undefined
  }): Quarantine
  readonly size: number
  stop(): Promise<void>
}

/** Resolves when the rows that stand are known. A row that cannot be read is logged and left out. */
export async function followQuarantine(bus: Bus, log: RolePorts['log']): Promise<QuarantineView> {
  const held = new Map<string, HeldSummary>()
  const table = await bus.table({
    topic: topics.held.name,
    onRow(id, value) {
      if (value === null) {
        held.delete(id)
        return
      }
      try {
        held.set(id, summarize(value))
      } catch (err) {
        log.error({ err, id }, 'a row of the quarantine cannot be read')
      }
    },
  })
  await table.loaded
  return {
    get: (id) => held.get(id),
    page({ limit, cursor, application }) {
      const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString()
      const matching = [...held.values()].filter((row) => application === undefined || row.application === application)
      const rows = matching.filter((row) => place(row) > after).sort((left, right) => (place(left) < place(right) ? -1 : 1))
      const shown = rows.slice(0, limit)
      const last = rows.length > limit ? shown.at(-1) : undefined
      return { held: shown, total: matching.length, next: last ? Buffer.from(place(last)).toString('base64url') : null }
    },
    get size() {
      return held.size
    },
    stop: () => table.stop(),
  }
}

/** Sorts as text by time, then id. */
const place = ({ heldAt, id }: HeldSummary): string => `${String(heldAt).padStart(15, '0')} ${id}`

function summarize(value: Uint8Array): HeldSummary {
  const { message, content, cause, explanation, heldAt, expiresAt, onExpiry, remaining } = heldCodec.decode(value).record
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
