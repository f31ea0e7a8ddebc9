/** A process logs what the row `log-level` of the table `policy` says, until its time is over. */
import type { Bus } from '@sallyport/bus'
import { type LogLevelRow, logLevelKey, policyTopicCodec, topics } from '@sallyport/contracts'
import type { Logger } from 'pino'
import type { LogLevels } from './log-levels.ts'
import type { Clock } from './role.ts'

/** Of a timer of Node. */
const longestTimerMs = 2_147_483_647

/** Resolves when the row that stands is followed. */
export async function followLogLevel(
  bus: Bus,
  { levels, log, clock }: { readonly levels: LogLevels; readonly log: Logger; readonly clock: Clock },
): Promise<{ stop(): Promise<void> }> {
  let ending: NodeJS.Timeout | undefined

  function follow(row: LogLevelRow | undefined): void {
    clearTimeout(ending)
    const leftMs = row === undefined ? 0 : row.until - clock.now()
    if (row === undefined || leftMs <= 0) {
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
      if (key !== logLevelKey) return
      try {
        const record = value === null ? undefined : policyTopicCodec.decode(value).record
        follow(record?.kind === 'log-level' ? record : undefined)
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
