/** `sallyport log-level`: how much processes log, for a while. */
import { type LogLevelState, logLevelStateSchema } from '@sallyport/contracts'
import type { Command } from '../command.ts'
import { exitCodes, Stop } from '../exit.ts'
import { timeText } from '../table.ts'
import { durationMs } from '../time-words.ts'

export const logLevel: Command = {
  usage: 'log-level [--json]',
  about: 'show how much is logged for now',
  words: 0,
  flags: ['json'],
  async run({ api, print, flags }) {
    const state = await api.json(logLevelStateSchema, { path: '/api/log-level' })
    if (flags.json) print.raw(JSON.stringify(state))
    else print.line(told(state))
    return exitCodes.ok
  },
}

const headers = { 'content-type': 'application/json' }

export const logLevelSet: Command = {
  usage: 'log-level set LEVEL [--roles ROLES] [--for DURATION] --reason TEXT',
  about: 'change what every process logs, or those of some roles (default: for an hour; 0m ends it)',
  words: 1,
  flags: ['roles', 'for', 'reason'],
  async run({ api, print, words: [level = ''], flags }) {
    const { roles = '', for: duration = '1h', reason } = flags
    if (!reason?.trim()) throw new Stop(exitCodes.usage, 'say why, for the audit log: --reason TEXT')
    const body = JSON.stringify({
      level,
      roles: roles.split(',').filter((role) => role !== ''),
      minutes: Math.ceil(durationMs(duration, 'for') / 60_000),
      reason,
    })
    print.line(told(await api.json(logLevelStateSchema, { path: '/api/log-level', method: 'PUT', headers, body })))
    return exitCodes.ok
  },
}

function told({ change }: LogLevelState): string {
  if (change === null) return 'every process logs as it is configured'
  const whose = change.roles.length === 0 ? 'every role' : change.roles.join(', ')
  return `${whose}: ${change.level} until ${timeText(change.until)}, by ${change.by}`
}
