/** `sallyport demo`: a day of six applications in a minute, against a running gateway. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Applications, applicationsSchema, policyAppliedSchema } from '@sallyport/contracts'
import type { Call, Command } from '../command.ts'
import { type DemoApplication, demoApplications, demoPolicy } from '../demo-applications.ts'
import { exitCodes, Stop } from '../exit.ts'
import { sendMessage } from '../smtp-dialogue.ts'
import { table } from '../table.ts'
import { durationMs } from '../time-words.ts'

const hours = 24
const defaultDayMs = 60_000

export const demo: Command = {
  usage: 'demo [--apply] [--server HOST:PORT] [--for DURATION]',
  about:
    'play a day of six applications, five of which misbehave, in a minute; --apply first makes the policy of the demo the policy',
  words: 0,
  flags: ['apply', 'server', 'for'],
  async run(call) {
    const { print, flags } = call
    if (flags.apply) await applyDemoPolicy(call)
    const before = await counted(call)
    print.line(`a day of ${demoApplications.length} applications begins:`)
    for (const { name, about } of demoApplications) print.line(`  ${name.padEnd(16)} ${about}`)
    const dayMs = flags.for === undefined ? defaultDayMs : durationMs(flags.for, 'for')
    const bar = print.progress('hours', hours)
    let sent = 0
    for (let hour = 0; hour < hours; hour++) {
      const end = performance.now() + dayMs / hours
      const counts = await Promise.all(demoApplications.map((one) => hourOf(one, hour, flags.server ?? call.server)))
      sent += counts.reduce((sum, count) => sum + count, 0)
      bar.at(hour + 1)
      await sleep(Math.max(0, end - performance.now()))
    }
    bar.end()
    const after = await whenCounted(call, before, sent)
    print.line(`${sent} messages were sent. What was found in them:`)
    for (const line of found(before, after)) print.line(line)
    print.line()
    for (const line of whereToLook(call.api.url)) print.line(line)
    return exitCodes.ok
  },
}

/** With consent only: it replaces the policy that holds, which stays among the revisions. */
async function applyDemoPolicy({ api, print }: Call): Promise<void> {
  const path = `/api/policy?${new URLSearchParams({ reason: 'the policy of the demo' })}`
  const headers = { 'if-match': '*', 'content-type': 'application/json' }
  const applied = await api.json(policyAppliedSchema, { method: 'PUT', path, headers, body: JSON.stringify(demoPolicy()) })
  print.line(
    `revision ${applied.revision} of the policy knows the applications of the demo; "sallyport policy --revisions" shows the one before`,
  )
}

type Counts = ReadonlyMap<string, Applications['applications'][number]>

async function counted({ api }: Call): Promise<Counts> {
  const { applications } = await api.json(applicationsSchema, { path: '/api/applications' })
  const known = new Map(applications.map((application) => [application.name, application]))
  if (demoApplications.every(({ name }) => known.has(name))) return known
  throw new Stop(
    exitCodes.refused,
    'the policy does not know the applications of the demo. On a gateway for trying, "npm run demo -- --apply" puts the policy of the demo in its place (its mail goes into files); the one that holds now stays among the revisions',
  )
}

/** The records are a moment behind. */
async function whenCounted(call: Call, before: Counts, sent: number): Promise<Counts> {
  for (let tries = 0; ; tries++) {
    const now = await counted(call)
    const seen = demoApplications.reduce((sum, { name }) => sum + messagesOf(now, name) - messagesOf(before, name), 0)
    if (seen >= sent || tries >= 40) return now
    await sleep(250)
  }
}

const messagesOf = (counts: Counts, name: string): number => counts.get(name)?.volume.messages ?? 0

async function hourOf({ perHour, mail, address }: DemoApplication, hour: number, server: string): Promise<number> {
  const many = perHour(hour)
  for (let count = 0; count < many; count++) {
    const last = await sendMessage(server, mail(hour * 100 + count), () => {}, address)
    if (!/^[245]/.test(last)) throw new Stop(exitCodes.failure, `${server} said ${last}`)
  }
  return many
}

function found(before: Counts, after: Counts): string[] {
  const rows = demoApplications.map(({ name }) => {
    const [then, now] = [before.get(name), after.get(name)]
    const violations = Object.entries(now?.violations ?? {}).map(
      ([check, count]) => [check, count - (then?.violations[check] ?? 0)] as const,
    )
    const said = violations.filter(([, count]) => count > 0).map(([check, count]) => `${count} ${check}`)
    const wouldRefuse = (now?.volume.wouldRefuse ?? 0) - (then?.volume.wouldRefuse ?? 0)
    return [name, String(messagesOf(after, name) - messagesOf(before, name)), String(wouldRefuse), said.join(', ') || 'nothing']
  })
  return table(['APPLICATION', 'MESSAGES', 'WOULD SUFFER', 'FOUND'], rows)
}

const whereToLook = (url: string): readonly string[] => [
  'Where to look (in a browser the token signs you in, with it in SALLYPORT_TOKEN the command line; "npm run sallyport --" runs it):',
  `  ${url}/applications                    who violates what`,
  `  ${url}/applications/demo-portal        what is wrong with one, how to fix it, and what enforcing would do`,
  `  ${url}/messages?sender=invoices%40example.com   somebody else uses the address of billing`,
  '  sallyport stats                                          the same, counted',
  '  sallyport ready demo-crm                                 whether its checks are safe to enforce',
  '  sallyport explain --from 127.1.0.2 --sender customer1@customer.example.org',
  '  captured/ in the data folder of the gateway              the mail itself',
]
