/** Configuration: one TypeBox schema gives type, defaults and check; file < environment < flag; all faults at once. */
import { closestWord } from '@sallyport/policy'
import type { Static, TObject, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { parse as parseYaml } from 'yaml'
import { descriptionAt, schemaFaults } from './schema-faults.ts'

export interface ConfigurationFault {
  /** Dotted, as in `--set`. */
  readonly path: string
  readonly message: string
  readonly hint: string
}

/** `smtp.listen: is missing (a list of host:port)` */
export const faultLine = ({ path, message, hint }: ConfigurationFault): string => `${path}: ${message} (${hint})`

export type ConfigurationResult<T> =
  | { readonly ok: true; readonly settings: T }
  | { readonly ok: false; readonly faults: readonly ConfigurationFault[] }

export interface ConfigurationSources {
  /** Text of the YAML or JSON file. */
  readonly file?: string
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** `key=value`, from `--set`. */
  readonly assignments?: readonly string[]
}

export const everySetting = 'docs/configuration.md has every setting'

/** The environment variable of a key: `smtp.listen` is SALLYPORT_SMTP_LISTEN. */
export const environmentName = (path: string): string =>
  `SALLYPORT_${path
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase()}`

/**
 * Reads the sources against `schema`. Unknown keys are faults; defaults of the schema are filled in. `relations` tells faults
 * between settings; it is given what the sources say, which need not fit the schema.
 */
export function readConfiguration<S extends TObject>(
  schema: S,
  sources: ConfigurationSources,
  relations: (tree: Readonly<Record<string, unknown>>) => readonly ConfigurationFault[] = () => [],
): ConfigurationResult<Static<S>> {
  const faults: ConfigurationFault[] = []
  const tree: Record<string, unknown> = readFile(sources.file, faults)
  const leaves = leafPaths(schema)
  for (const [path, leaf] of leaves) {
    const text = sources.environment?.[environmentName(path)]
    if (text !== undefined) assign(tree, path, fromText(text, leaf))
  }
  for (const assignment of sources.assignments ?? []) {
    const at = assignment.indexOf('=')
    const path = at < 0 ? assignment : assignment.slice(0, at)
    if (at < 0) faults.push({ path, message: 'has no value', hint: 'write --set key=value' })
    else assign(tree, path, fromText(assignment.slice(at + 1), leaves.get(path)))
  }
  findUnknown(schema, tree, '', faults)
  const filled = Value.Default(schema, tree)
  for (const { path, message } of schemaFaults(schema, filled)) {
    if (!faults.some((fault) => fault.path === path))
      faults.push({ path, message, hint: descriptionAt(schema, path) ?? everySetting })
  }
  faults.push(...relations(tree))
  return faults.length > 0 ? { ok: false, faults } : { ok: true, settings: filled as Static<S> }
}

function readFile(text: string | undefined, faults: ConfigurationFault[]): Record<string, unknown> {
  if (text === undefined) return {}
  try {
    const value: unknown = parseYaml(text) ?? {}
    if (isTree(value)) return value
    faults.push({ path: '', message: 'the configuration file is not a mapping', hint: 'write key: value lines' })
  } catch (error) {
    faults.push({
      path: '',
      message: `the configuration file is not YAML: ${(error as Error).message}`,
      hint: 'correct the line named',
    })
  }
  return {}
}

/** A mapping, as YAML calls it. */
export const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function properties(schema: TSchema): Record<string, TSchema> | undefined {
  return (schema as { properties?: Record<string, TSchema> }).properties
}

/** By dotted path, every setting that has a value of its own. */
export function leafPaths(schema: TSchema, prefix = '', found = new Map<string, TSchema>()): Map<string, TSchema> {
  for (const [name, child] of Object.entries(properties(schema) ?? {})) {
    const path = prefix ? `${prefix}.${name}` : name
    if (properties(child)) leafPaths(child, path, found)
    else found.set(path, child)
  }
  return found
}

function assign(tree: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.')
  const last = names.pop() ?? ''
  let place = tree
  for (const name of names) {
    const next = place[name]
    const branch = isTree(next) ? next : {}
    place[name] = branch
    place = branch
  }
  place[last] = value
}

/** Text as the schema wants it: a list is comma-separated; JSON where it is neither text nor list. */
function fromText(text: string, leaf: TSchema | undefined): unknown {
  const type = (leaf as { type?: string } | undefined)?.type
  const isScalar = !/^\s*[[{"]/.test(text)
  // A port without its host, say, is to be told as what was written.
  if (type === 'string' || (isScalar && mayBeText(leaf))) return text
  if (type === 'array' && !text.trimStart().startsWith('[')) return text.split(',').map((item) => item.trim())
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const mayBeText = (leaf: TSchema | undefined): boolean =>
  (leaf as { anyOf?: readonly { type?: string }[] } | undefined)?.anyOf?.some(({ type }) => type === 'string') ?? false

function findUnknown(schema: TSchema, value: unknown, prefix: string, faults: ConfigurationFault[]): void {
  const { items } = schema as { items?: TSchema }
  if (items && Array.isArray(value))
    for (const [index, item] of value.entries()) findUnknown(items, item, `${prefix}.${index}`, faults)
  const known = properties(schema)
  if (!known || !isTree(value)) return
  for (const [name, child] of Object.entries(value)) {
    const path = prefix ? `${prefix}.${name}` : name
    const childSchema = known[name]
    if (childSchema) findUnknown(childSchema, child, path, faults)
    else faults.push({ path, message: 'is not a setting', hint: whichSetting(name, Object.keys(known)) })
  }
}

function whichSetting(name: string, known: readonly string[]): string {
  const meant = closestWord(name, known)
  return `${meant === undefined ? '' : `did you mean ${meant}? `}known here: ${known.join(', ')}`
}

/** The settings for the start log: every value under a key that names a secret is replaced. */
export function redacted(settings: unknown): unknown {
  if (Array.isArray(settings)) return settings.map(redacted)
  if (!isTree(settings)) return settings
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      /token|password|secretValue/i.test(name) && value ? '[redacted]' : redacted(value),
    ]),
  )
}
