/** `sallyport quarantine list|release|drop`. */
import { commandAcceptedSchema, type HeldSummary, quarantineSchema } from '@sallyport/contracts'
import type { Call, Command } from '../command.ts'
import { type ExitCode, exitCodes, Stop } from '../exit.ts'
import { table, timeText } from '../table.ts'

export const quarantineList: Command = {
  usage: 'quarantine list [--application NAME] [--json]',
  about: 'show what is held, the oldest first',
  words: 0,
  flags: ['application', 'json'],
  async run({ api, print, flags }) {
    const held: HeldSummary[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const query = new URLSearchParams({ limit: '1000' })
      if (flags.application !== undefined) query.set('application', flags.application)
      if (cursor !== undefined) query.set('cursor', cursor)
      const page = await api.json(quarantineSchema, { path: `/api/quarantine?${query}` })
      held.push(...page.held)
      cursor = page.next
    }
    if (flags.json) print.raw(JSON.stringify(held))
    else if (held.length === 0) print.line('nothing is held')
    else for (const line of table(head, held.map(row))) print.line(line)
    return exitCodes.ok
  },
}

const head = ['ID', 'HELD', 'EXPIRES', 'THEN', 'APPLICATION', 'SENDER', 'RECIPIENTS', 'WHY']

function row({ id, heldAt, expiresAt, onExpiry, application, sender, recipients, explanation }: HeldSummary): string[] {
  const [first = '', ...others] = recipients
  const to = others.length > 0 ? `${first} and ${others.length} more` : first
  return [id, timeText(heldAt), timeText(expiresAt), onExpiry, application, sender || '<>', to, explanation]
}

export const quarantineRelease: Command = {
  usage: 'quarantine release ID --reason TEXT',
  about: 'send a held message on its way',
  words: 1,
  flags: ['reason'],
  run: (call) => command(call, 'release', 'will be sent'),
}

export const quarantineDrop: Command = {
  usage: 'quarantine drop ID --reason TEXT',
  about: 'delete a held message; its sender is not told',
  words: 1,
  flags: ['reason'],
  run: (call) => command(call, 'drop', 'will be deleted'),
}

async function command(
  { api, print, words: [id = ''], flags }: Call,
  kind: 'release' | 'drop',
  outcome: string,
): Promise<ExitCode> {
  if (!flags.reason?.trim()) throw new Stop(exitCodes.usage, 'say why, for the audit log: --reason TEXT')
  const path = `/api/quarantine/${encodeURIComponent(id)}/${kind}`
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ reason: flags.reason })
  const accepted = await api.json(commandAcceptedSchema, { method: 'POST', path, headers, body })
  print.line(`${accepted.id} ${outcome}: see "sallyport trace ${accepted.id}"`)
  return exitCodes.ok
}
