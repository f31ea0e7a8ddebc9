/** From words to a command and its exit code: 0 done, 1 failed, 2 used wrongly, 3 refused (a conflict, an invalid policy, a message). */
import { parseArgs } from 'node:util'
import { apiClient } from './api-client.ts'
import type { Command } from './command.ts'
import { apply } from './commands/apply.ts'
import { backup, restore } from './commands/backup.ts'
import { checkConfig } from './commands/check-config.ts'
import { completion } from './commands/completion.ts'
import { demo } from './commands/demo.ts'
import { explain } from './commands/explain.ts'
import { exportQueue } from './commands/export-queue.ts'
import { limits } from './commands/limits.ts'
import { logLevel, logLevelSet } from './commands/log-level.ts'
import { plan } from './commands/plan.ts'
import { policy } from './commands/policy.ts'
import { quarantineDrop, quarantineList, quarantineRelease } from './commands/quarantine.ts'
import { queue, queueCancel, queueList, queuePause, queueResume, queueRetry } from './commands/queue.ts'
import { ready } from './commands/ready.ts'
import { roles } from './commands/roles.ts'
import { send } from './commands/send.ts'
import { stats } from './commands/stats.ts'
import { token } from './commands/token.ts'
import { trace } from './commands/trace.ts'
import { type ExitCode, exitCodes, Stop } from './exit.ts'
import { type FlagName, type Flags, flagTable } from './flags.ts'
import { meantCommands, usageLines } from './help.ts'
import type { Print } from './print.ts'

export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Who changes something, for the record. */
  readonly author: string
  readonly print: Print
}

const defaultUrl = 'http://127.0.0.1:8080'
const defaultServer = '127.0.0.1:2525'

const commands: Readonly<Record<string, Command>> = {
  send,
  trace,
  stats,
  ready,
  explain,
  'check-config': checkConfig,
  plan,
  apply,
  policy,
  limits,
  'log-level': logLevel,
  'log-level set': logLevelSet,
  queue,
  'queue list': queueList,
  'queue pause': queuePause,
  'queue resume': queueResume,
  'queue retry': queueRetry,
  'queue cancel': queueCancel,
  'quarantine list': quarantineList,
  'quarantine release': quarantineRelease,
  'quarantine drop': quarantineDrop,
  'export-queue': exportQueue,
  backup,
  restore,
  roles,
  token,
  demo,
  completion: completion(() => commands),
}

const options = {
  ...(Object.fromEntries(Object.entries(flagTable).map(([name, { type }]) => [name, { type }])) as {
    readonly [N in FlagName]: { readonly type: (typeof flagTable)[N]['type'] }
  }),
  help: { type: 'boolean', short: 'h' },
} as const

/** Never throws. */
export async function run(args: readonly string[], { environment, author, print }: Surroundings): Promise<ExitCode> {
  try {
    const { values, positionals } = parse(args)
    if (values.help || positionals[0] === 'help') {
      const meant = meantCommands(commands, positionals[0] === 'help' ? positionals.slice(1) : positionals)
      print.line(meant.length > 0 ? usageLines(meant) : help())
      return exitCodes.ok
    }
    const { command, words } = find(positionals)
    const { help: _, ...given } = values
    const flags: Flags = { ...given, json: given.json ?? false, revisions: given.revisions ?? false }
    refuseForeignFlags(command, flags)
    const { SALLYPORT_URL: url = defaultUrl, SALLYPORT_SMTP: server = defaultServer, SALLYPORT_TOKEN: token } = environment
    const api = apiClient({ url, token, author })
    return await command.run({ api, server, print, words, flags })
  } catch (error) {
    print.error(error instanceof Stop ? error.message : `an unexpected error: ${error instanceof Error ? error.stack : error}`)
    return error instanceof Stop ? error.exitCode : exitCodes.failure
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (cause) {
    // What follows is about words that begin with a dash, which no command takes.
    const [what] = (cause instanceof Error ? cause.message : String(cause)).split('. To specify')
    const words = args.filter((word) => !word.startsWith('-'))
    throw new Stop(exitCodes.usage, `${what}\n\n${helpOn(words)}`, { cause })
  }
}

function find(positionals: readonly string[]): { readonly command: Command; readonly words: readonly string[] } {
  for (const count of [2, 1]) {
    const command = commands[positionals.slice(0, count).join(' ')]
    if (!command) continue
    const words = positionals.slice(count)
    if (words.length === command.words) return { command, words }
    // `queue pauze` is no `queue` with a word too many.
    if (words.length > command.words && meantCommands(commands, positionals).length > 1) break
    throw new Stop(exitCodes.usage, `write: sallyport ${command.usage}`)
  }
  if (positionals.length === 0) throw new Stop(exitCodes.usage, help())
  throw new Stop(exitCodes.usage, `there is no command "${positionals.join(' ')}"\n\n${helpOn(positionals)}`)
}

/** On the commands that these words mean, or on all. */
function helpOn(words: readonly string[]): string {
  const meant = meantCommands(commands, words)
  return meant.length > 0 ? `write one of:\n${usageLines(meant)}` : help()
}

function refuseForeignFlags(command: Command, flags: Flags): void {
  for (const [name, value] of Object.entries(flags)) {
    if (value !== undefined && value !== false && !command.flags.some((known) => known === name)) {
      throw new Stop(exitCodes.usage, `--${name} has no meaning here, write: sallyport ${command.usage}`)
    }
  }
}

function help(): string {
  return [
    'usage: sallyport COMMAND',
    '',
    usageLines(Object.values(commands)),
    '',
    `SALLYPORT_URL    the address of the console, default ${defaultUrl}`,
    'SALLYPORT_TOKEN  its token: console.token, or what stands in the file console-token of the data folder',
    `SALLYPORT_SMTP   the address of the gateway for send and demo, default ${defaultServer}`,
    'exit codes       0 done, 1 failed, 2 used wrongly, 3 refused (a conflict, an invalid policy, a message, a check that is not safe)',
  ].join('\n')
}
