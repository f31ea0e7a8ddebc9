/** `sallyport policy`: the policy that holds, as YAML, or the list of revisions. */
import { policyRevisionsSchema } from '@sallyport/contracts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit.ts'
import { table, timeText } from '../table.ts'

export const policy: Command = {
  usage: 'policy [--json] [--revisions]',
  about: 'show the policy that holds as YAML (or JSON), or who changed it and why',
  words: 0,
  flags: ['json', 'revisions'],
  async run({ api, print, flags }) {
    if (!flags.revisions) {
      const accept = flags.json ? 'application/json' : 'application/yaml'
      const answer = await api.ask({ path: '/api/policy', headers: { accept } })
      if (answer.ok) print.raw(answer.text)
      return exitCodes.ok
    }
    const { revisions } = await api.json(policyRevisionsSchema, { path: '/api/policy/revisions' })
    if (flags.json) print.raw(JSON.stringify(revisions))
    else {
      const rows = revisions.map(({ revision, at, author, reason }) => [String(revision), timeText(at), author, reason])
      for (const line of table(['REVISION', 'WHEN', 'AUTHOR', 'REASON'], rows)) print.line(line)
    }
    return exitCodes.ok
  },
}
