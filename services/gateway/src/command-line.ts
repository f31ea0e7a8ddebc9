/** `npm start -- --config FILE --roles a,b --set key=value`: from words to settings, or to every fault at once. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { SallyportError } from '@sallyport/contracts'
import { readConfiguration } from '@sallyport/runtime'
import { missingServers } from './role-needs.ts'
import { type GatewaySettings, gatewaySettingsSchema } from './settings.ts'

/** Throws CONFIG_INVALID whose message lists every fault with its path and a hint. */
export function settingsFrom(words: readonly string[], environment: Readonly<Record<string, string | undefined>>): GatewaySettings {
  const { config, set, roles } = parse(words)
  const path = config ?? environment.SALLYPORT_CONFIG
  const sources = {
    ...(path === undefined ? {} : { file: readText(path) }),
    environment,
    assignments: [...set, ...(roles === undefined ? [] : [`roles=${roles}`])],
  }
  const result = readConfiguration(gatewaySettingsSchema, sources, missingServers)
  if (result.ok) return result.settings
  const lines = result.faults.map((fault) => `  ${fault.path || path}: ${fault.message} (${fault.hint})`)
  throw new SallyportError(
    'CONFIG_INVALID',
    `the configuration has ${lines.length} fault${lines.length === 1 ? '' : 's'}:\n${lines.join('\n')}`,
  )
}

function parse(words: readonly string[]): { config?: string | undefined; set: string[]; roles?: string | undefined } {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: { config: { type: 'string' }, set: { type: 'string', multiple: true }, roles: { type: 'string' } },
    })
    return { config: values.config, set: values.set ?? [], roles: values.roles }
  } catch (cause) {
    throw new SallyportError('CONFIG_INVALID', `${(cause as Error).message}\nknown: --config FILE, --roles a,b, --set key=value`, {
      cause,
    })
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
