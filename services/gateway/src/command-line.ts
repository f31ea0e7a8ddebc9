/** `npm start -- --config FILE --roles a,b --set key=value`: from words to settings, or to every fault at once. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { SallyportError } from '@sallyport/contracts'
import { type ConfigurationFault, faultLine, readConfiguration, unknownVariables } from '@sallyport/runtime'
import { listenFaults } from './listen-faults.ts'
import { missingServers } from './role-needs.ts'
import { type GatewaySettings, gatewaySettingsSchema } from './settings.ts'
import { tlsFaults } from './tls-files.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface Command {
  readonly settings: GatewaySettings
  /** `--migrate`: the tables of the records are brought up to date, and nothing is started. */
  readonly isMigration: boolean
  /** Of the environment: what looks like a setting and is none. */
  readonly ignored: readonly ConfigurationFault[]
}

/** Without a look at the files that the settings name, which may be for another machine. Throws as `commandFrom` does. */
export const settingsFrom = (words: readonly string[], environment: Environment): GatewaySettings =>
  read(words, environment, () => []).settings

/** Throws CONFIG_INVALID whose message lists every fault with its path and a hint. */
export const commandFrom = (words: readonly string[], environment: Environment): Command => read(words, environment, tlsFaults)

function read(words: readonly string[], environment: Environment, fileFaults: typeof tlsFaults): Command {
  const { config, set, roles, migrate } = parse(words)
  const path = config ?? environment.SALLYPORT_CONFIG
  const sources = {
    ...(path === undefined ? {} : { file: readText(path) }),
    environment,
    assignments: [...set, ...(roles === undefined ? [] : [`roles=${roles}`])],
  }
  const result = readConfiguration(gatewaySettingsSchema, sources, (tree) => [
    ...missingServers(tree),
    ...listenFaults(tree),
    ...(migrate ? [] : fileFaults(tree)),
  ])
  const ignored = unknownVariables(gatewaySettingsSchema, environment)
  if (result.ok) return { settings: result.settings, isMigration: migrate, ignored }
  const { length } = result.faults
  const count = `the configuration has ${length} fault${length === 1 ? '' : 's'}`
  // A setting that is missed may be one of these.
  const also = ignored.length === 0 ? '' : `\nin the environment:\n${linesOf(ignored)}`
  throw new SallyportError('CONFIG_INVALID', `${count}:\n${linesOf(result.faults, path)}${also}`)
}

const linesOf = (faults: readonly ConfigurationFault[], file = ''): string =>
  faults.map((fault) => `  ${faultLine({ ...fault, path: fault.path || file })}`).join('\n')

interface Words {
  readonly config?: string | undefined
  readonly set: readonly string[]
  readonly roles?: string | undefined
  readonly migrate: boolean
}

function parse(words: readonly string[]): Words {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        config: { type: 'string' },
        set: { type: 'string', multiple: true },
        roles: { type: 'string' },
        migrate: { type: 'boolean' },
      },
    })
    return { config: values.config, set: values.set ?? [], roles: values.roles, migrate: values.migrate ?? false }
  } catch (cause) {
    const known = 'known: --config FILE, --roles a,b, --set key=value, --migrate'
    throw new SallyportError('CONFIG_INVALID', `${(cause as Error).message}\n${known}`, { cause })
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new SallyportError('CONFIG_INVALID', `the configuration file ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
    })
  }
}
