/** `sallyport explain`: what the policy would say to a client, before it sends anything. */
import { isIP } from 'node:net'
import { explanationSchema, type PolicyExplanation } from '@sallyport/contracts'
import type { Command } from '../command.ts'
import { exitCodes, Stop } from '../exit.ts'
import { table } from '../table.ts'

export const explain: Command = {
  usage: 'explain --from IP [--auth USER] [--certificate NAME] [--sender ADDRESS] [--json]',
  about: 'show which application a client is, its checks, and whether it may send as ADDRESS; exit code 3 where it may not',
  words: 0,
  flags: ['from', 'auth', 'certificate', 'sender', 'json'],
  async run({ api, print, flags: { from, auth, certificate, sender, json } }) {
    if (from === undefined) throw new Stop(exitCodes.usage, `write: sallyport ${explain.usage}`)
    if (isIP(from) === 0) throw new Stop(exitCodes.usage, `--from takes an IP address, not "${from}"`)
    const query = new URLSearchParams({ ip: from })
    for (const [name, value] of Object.entries({ auth, certificate, sender })) if (value !== undefined) query.set(name, value)
    const answer = await api.json(explanationSchema, { path: `/api/explain?${query}` })
    if (json) print.raw(JSON.stringify(answer))
    else for (const line of lines(answer)) print.line(line)
    return isRefused(answer) ? exitCodes.refused : exitCodes.ok
  },
}

const isRefused = ({ application, checks }: PolicyExplanation): boolean =>
  application === null || checks.some(({ mode, outcome }) => mode === 'enforce' && outcome === 'fail')

function lines({ application, owner, recognizedBy, route, policyRevision, checks }: PolicyExplanation): string[] {
  if (application === null) return [`no application is recognized by revision ${policyRevision}: it is answered 550 5.7.1`]
  return [
    `application  ${application}, by ${recognizedBy}`,
    `owner        ${owner ?? '-'}`,
    `route        ${route}`,
    `policy       revision ${policyRevision}`,
    '',
    ...table(
      ['CHECK', 'MODE', 'SENDER', 'WHY'],
      checks.map(({ check, mode, outcome, text }) => [check, mode, outcome, text]),
    ),
  ]
}
