/** `sallyport stats`: what the checks found, counted. */
import { type Statistics, type StatisticsRow, statisticsSchema } from '@sallyport/contracts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit.ts'
import { table, timeText } from '../table.ts'
import { momentMs } from '../time-words.ts'

export const stats: Command = {
  usage: 'stats [--by KEYS] [--application NAME] [--check NAME] [--since TIME] [--step hour|day] [--json]',
  about: 'count what was found, by application, check, mode, outcome and action (default: the first four, of the last day)',
  words: 0,
  flags: ['by', 'application', 'check', 'since', 'step', 'json'],
  async run({ api, print, flags }) {
    const { by = 'application,check,mode,outcome', application, check, since, step } = flags
    const query = new URLSearchParams({ by })
    if (application !== undefined) query.set('application', application)
    if (check !== undefined) query.set('check', check)
    if (step !== undefined) query.set('step', step)
    if (since !== undefined) query.set('since', String(momentMs(since, Date.now())))
    const counted = await api.json(statisticsSchema, { path: `/api/statistics?${query}` })
    if (flags.json) print.raw(JSON.stringify(counted))
    else if (counted.rows.length === 0) print.line('nothing was counted in that time')
    else for (const line of rows(counted)) print.line(line)
    return exitCodes.ok
  },
}

function rows({ by, step, rows }: Statistics): string[] {
  const head = [...(step === null ? [] : ['FROM']), ...by.map((key) => key.toUpperCase()), 'MESSAGES']
  const cell = (row: StatisticsRow, key: Statistics['by'][number]): string => row[key] ?? '-'
  return table(
    head,
    rows.map((row) => [...(step === null ? [] : [timeText(row.at)]), ...by.map((key) => cell(row, key)), String(row.messages)]),
  )
}
