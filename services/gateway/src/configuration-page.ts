/** The configuration reference, written from the schema. `node services/gateway/src/configuration-page.ts` renews it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentName } from '@sallyport/runtime'
import type { TSchema } from 'typebox'
import { gatewaySettingsSchema } from './settings.ts'

interface Described {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly items?: TSchema
}

export const pagePath = join(import.meta.dirname, '../../../docs/configuration.md')
const [begin, end] = ['<!-- settings: written from the schema -->', '<!-- end of settings -->']

/** The table of every setting. */
export function settingsTable(): string {
  const rows = [...settingRows(gatewaySettingsSchema, '')]
  return ['| key | environment | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function* settingRows(schema: TSchema, prefix: string): Generator<string> {
  for (const [name, child] of Object.entries((schema as Described).properties ?? {})) {
    const path = prefix ? `${prefix}.${name}` : name
    const { properties, items, description = '', default: standard } = child as Described
    if (properties) {
      yield* settingRows(child, path)
      continue
    }
    // Of what is in a list only the whole list can be set from outside the file, as JSON.
    const environment = path.includes('[]') ? '' : `\`${environmentName(path)}\``
    yield `| \`${path}\` | ${environment} | ${standard === undefined ? '' : `\`${JSON.stringify(standard)}\``} | ${description} |`
    if (items) yield* settingRows(items, `${path}[]`)
  }
}

/** The page with its table renewed. */
export function renewedPage(): string {
  const page = readFileSync(pagePath, 'utf8')
  return `${page.slice(0, page.indexOf(begin))}${begin}\n\n${settingsTable()}\n\n${page.slice(page.indexOf(end))}`
}

if (process.argv[1] === import.meta.filename) writeFileSync(pagePath, renewedPage())
