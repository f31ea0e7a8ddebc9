/** The chart under deploy/helm, rendered as a user would. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@sallyport/testkit'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { answerOf } from '../ask-program.ts'
import { kubernetesTool } from './programs.ts'

export const chartFolder = join(import.meta.dirname, '../../../deploy/helm/sallyport')

export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  // biome-ignore lint/suspicious/noExplicitAny: of any kind; the API server's schemas are what checks it.
  readonly [key: string]: any
}

export type Values = Readonly<Record<string, unknown>>

/** The values with which the chart is checked, by their names: `smallest`. */
export const sampleValues: Readonly<Record<string, Values>> = Object.fromEntries(
  readdirSync(join(chartFolder, 'ci')).map((file) => [
    file.replace('-values.yaml', ''),
    parse(readFileSync(join(chartFolder, 'ci', file), 'utf8')) as Values,
  ]),
)

/** One value over others, at its path. */
export function withValue(values: Values, path: string, value: unknown): Values {
  const [first = '', ...rest] = path.split('.')
  const below = (values[first] ?? {}) as Values
  return { ...values, [first]: rest.length === 0 ? value : withValue(below, rest.join('.'), value) }
}

/** Runs helm, with the values in a file where some are given. Rejects with what helm said. */
export async function helm(
  words: readonly string[],
  values: Values | undefined,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = temporaryFolder('sallyport-helm-')
  try {
    const file = folder.join('values.yaml')
    if (values) writeFileSync(file, stringify(values))
    const homes = { HELM_CACHE_HOME: folder.path, HELM_CONFIG_HOME: folder.path, HELM_DATA_HOME: folder.path }
    return await answerOf(await kubernetesTool('helm'), [...words, ...(values ? ['--values', file] : [])], {
      env: { ...homes, ...env },
      deadlineMs: 600_000,
    })
  } finally {
    folder.remove()
  }
}

/** What `helm template` makes of the values, hooks included. */
export async function renderText(values: Values, release = 'mail', namespace = 'sallyport'): Promise<string> {
  return await helm(['template', release, chartFolder, '--namespace', namespace], values)
}

export async function render(values: Values, release = 'mail', namespace = 'sallyport'): Promise<readonly KubernetesObject[]> {
  return parseAllDocuments(await renderText(values, release, namespace))
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null)
}
