/** deploy/compose/compose.yaml as the tests read it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export const composeFolder = join(import.meta.dirname, '../../deploy/compose')

export interface ComposeService {
  readonly image: string
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly profiles?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly depends_on?: Readonly<Record<string, unknown>>
  readonly read_only?: boolean
}

export const { services: composeServices } = parse(readFileSync(join(composeFolder, 'compose.yaml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>
}

/** Names of the services that run a role of the gateway. */
export const rolesOfCompose = (): readonly string[] =>
  Object.entries(composeServices).flatMap(([name, { image }]) => (image === 'sallyport' ? [name] : []))
