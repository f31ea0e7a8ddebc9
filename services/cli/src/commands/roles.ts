/** `sallyport roles`. */
import { type RolesResponse, rolesSchema } from '@sallyport/contracts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit.ts'
import { table, timeText } from '../table.ts'

export const roles: Command = {
  usage: 'roles [--json]',
  about: 'show who runs what, how far it is behind, and what is missing; exit code 1 where something is',
  words: 0,
  flags: ['json'],
  async run({ api, print, flags }) {
    const answer = await api.json(rolesSchema, { path: '/api/roles' })
    if (flags.json) print.raw(JSON.stringify(answer))
    else {
      for (const line of table(head, answer.roles.map(row))) print.line(line)
      for (const { role, why } of answer.missing) print.line(`missing: ${role}: ${why}`)
    }
    return answer.missing.length === 0 ? exitCodes.ok : exitCodes.failure
  },
}

const head = ['ROLE', 'PROCESSES', 'WAITING', 'OLDEST', 'LAST SEEN']

function row({ role, processes, records, oldestAgeMs, lastSeenAt }: RolesResponse['roles'][number]): string[] {
  const oldest = records === 0 ? '-' : `${(oldestAgeMs / 1000).toFixed(1)} s`
  return [role, String(processes), String(records), oldest, lastSeenAt === null ? 'never' : timeText(lastSeenAt)]
}
