/** Carries out what people say about held messages (`mail.commands`). A row that is gone means that it was done before. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, SallyportError } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'
import type { EndHold } from './end-hold.ts'
import type { HeldRows } from './held-rows.ts'

/** The row that a person saw elsewhere may reach this process a moment later than the command. */
const rowWaitMs = 300

/** Rejects with retriable errors only. A message that cannot be released stays held, and the log says why. */
export function commandHandler(rows: HeldRows, endHold: EndHold, log: RolePorts['log']): (command: Command) => Promise<void> {
  return async (command) => {
    let held = rows.get(command.id)
    if (!held) {
      await sleep(rowWaitMs)
      held = rows.get(command.id)
    }
    if (!held) return
    try {
      await endHold(held, command.kind, command.by, command.reason)
    } catch (error) {
      if (error instanceof SallyportError && !error.retriable) {
        log.error(
          { err: error, id: command.id, command: command.kind },
          'a held message stays held: the command cannot be carried out',
        )
      } else throw error
    }
  }
}
