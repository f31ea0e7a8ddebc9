/** Carries out what people say about held messages (`mail.commands`). A row that is gone means that it was done before. */
import { type Command, SallyportError } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'
import type { EndHold } from './end-hold.ts'
import type { HeldRows } from './held-rows.ts'

/** The row that a person saw elsewhere may reach this process later than the command: topics and brokers differ. */
const rowWaitMs = 5_000

/** Rejects with retriable errors only. A message that cannot be released stays held, and the log says why. */
export function commandHandler(
  rows: Pick<HeldRows, 'find'>,
  endHold: EndHold,
  log: RolePorts['log'],
  waitMs = rowWaitMs,
): (command: Command) => Promise<void> {
  return async (command) => {
    const held = await rows.find(command.id, waitMs)
    if (!held) return
    try {
      await endHold(held, command.kind, command.by, command.reason)
    } catch (error) {
      if (error instanceof SallyportError && (error.retriable || error.code === 'BUS_CLOSED')) throw error
      log.error(
        { err: error, id: command.id, command: command.kind },
        'a held message stays held: the command cannot be carried out',
      )
    }
  }
}
