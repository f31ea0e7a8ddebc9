/** A process logs what the row `log-level` of the table `policy` says, until its time is over. */
import type { Bus } from '@sallyport/bus'
import { type LogLevelRow, logLevelKey, policyTopicCodec, topics } from '@sallyport/contracts'
import type { Logger } from 'pino'
import type { LogLevels } from './log-levels.ts'
import type { Clock } from './role.ts'

/** Of a timer of Node. */
const longestTimerMs = 2_147_483_647

/** What a row of the table says of logging: undefined where it says nothing of it, null where it ends. Fails with UNPARSABLE_RECORD. */
export function decodeLogLevelRow(key: string, value: Uint8Array | null): LogLevelRow | null | undefined {
  if (key !== logLevelKey) return undefined
  const record = value === null ? null : policyTopicCodec.decode(value).record
  return record?.kind === 'log-level' ? record : null
}

/** Resolves when the row that stands is followed. */
export async function followLogLevel(
  bus: Bus,
  { levels, log, clock }: { readonly levels: LogLevels; readonly log: Logger; readonly clock: Clock },
): Promise<{ stop(): Promise<void> }> {
  let ending: NodeJS.Timeout | undefined

  function follow(row: LogLevelRow | null): void {
    clearTimeout(ending)
    const leftMs = row === null ? 0 : row.until - clock.now()
    if (row === null || leftMs <= 0) {
      levels.restore()
      return
    }
    levels.set(row.level, row.roles)
    log.warn({ to: row.level, roles: row.roles, until: row.until, by: row.by }, 'what is logged was changed for a while')
    ending = setTimeout(() => levels.restore(), Math.min(leftMs, longestTimerMs))
    ending.unref()
  }

  const table = await bus.table({
    topic: topics.policy.name,
    onRow(key, value) {
      try {
        const row = decodeLogLevelRow(key, value)
        if (row !== undefined) follow(row)
      } catch (err) {
        log.error({ err, key }, 'what is to be logged cannot be read')
      }
    },
  })
  await table.loaded
  return {
    async stop() {
      clearTimeout(ending)
      await table.stop()
    },
  }
}
