/** `sallyport ready APP`: whether each check is safe to enforce. */
import { type ApplicationReadiness, type CheckReadiness, readinessSchema } from '@sallyport/contracts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit.ts'
import { table } from '../table.ts'
import { momentMs } from '../time-words.ts'

export const ready: Command = {
  usage: 'ready APP [--since TIME] [--json]',
  about: 'show what enforcing each check would have done to the last 7 days; exit code 3 while one that is watched is not safe',
  words: 1,
  flags: ['since', 'json'],
  async run({ api, print, words: [name = ''], flags }) {
    const query = flags.since === undefined ? '' : `?since=${momentMs(flags.since, Date.now())}`
    const answer = await api.json(readinessSchema, { path: `/api/applications/${encodeURIComponent(name)}/readiness${query}` })
    if (flags.json) print.raw(JSON.stringify(answer))
    else for (const line of lines(answer)) print.line(line)
    return answer.checks.every(({ mode, isSafe }) => mode !== 'monitor' || isSafe) ? exitCodes.ok : exitCodes.refused
  },
}

function lines({ application, owner, checks }: ApplicationReadiness): string[] {
  return [
    `${application}, owner ${owner ?? 'unknown'}`,
    '',
    ...table(['CHECK', 'MODE', 'DAYS', 'MESSAGES', 'REFUSED', 'HELD', 'DEFERRED', 'UNJUDGED', 'SAFE'], checks.map(row)),
    ...checks.flatMap(details),
  ]
}

function row({
  check,
  mode,
  daysWatched,
  messages,
  wouldReject,
  wouldHold,
  wouldDefer,
  unavailable,
  isSafe,
}: CheckReadiness): string[] {
  const counts = [daysWatched, messages, wouldReject, wouldHold, wouldDefer, unavailable].map(String)
  return [check, mode, ...counts, isSafe ? 'yes' : 'no']
}

function details({ check, advice, violations, perDay }: CheckReadiness): string[] {
  const bad = perDay.filter(({ wouldReject, wouldHold, wouldDefer }) => wouldReject + wouldHold + wouldDefer > 0)
  return [
    '',
    `${check}: ${advice}`,
    ...bad.map(
      ({ day, messages, wouldReject, wouldHold, wouldDefer }) =>
        `  ${new Date(day).toISOString().slice(0, 10)}: of ${messages} messages ${wouldReject} refused, ${wouldHold} held, ${wouldDefer} deferred`,
    ),
    ...violations.flatMap(({ rule, text, fix, messages, samples }) => [
      `  ${messages} x ${rule}: ${text}`,
      ...(fix ? [`    fix: ${fix}`] : []),
      ...(samples[0] ? [`    see: sallyport trace ${samples[0]}`] : []),
    ]),
  ]
}
