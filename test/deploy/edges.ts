/** Who may talk to whom, as the chart's NetworkPolicies say: the table of docs/kubernetes.md. `node test/deploy/edges.ts` renews it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type KubernetesObject, render, sampleValues } from '../infra/kubernetes/chart.ts'

export const pagePath = join(import.meta.dirname, '../../docs/kubernetes.md')
const begin = '<!-- edges: written by test/deploy/edges.ts -->'
const end = '<!-- end of edges -->'

/** The ports in the values "everything", each a server of its own. */
const namesOfPorts: Readonly<Record<string, string>> = {
  '53': 'DNS',
  '9094': 'Kafka',
  '9095': 'Kafka',
  '6380': 'Redis',
  '443': 'object store',
  '5433': 'PostgreSQL',
  '25': 'next hops',
  '465': 'next hops',
  '587': 'next hops',
  '11333': 'scanners',
  '4318': 'collector of traces',
  smtp: 'applications (SMTP)',
  smtps: 'applications (SMTP)',
  console: 'people and programs (HTTP)',
  health: 'Prometheus',
}

interface Rule {
  readonly ports?: readonly { readonly port: number | string }[]
}

export interface Edges {
  readonly from: readonly string[]
  readonly to: readonly string[]
}

/** By role, from what is rendered with the values "everything". Throws on a port that has no name here. */
export async function edges(): Promise<Readonly<Record<string, Edges>>> {
  const policies = (await render(sampleValues.everything ?? {})).filter(({ kind }) => kind === 'NetworkPolicy')
  const named = (rules: readonly Rule[] = []): readonly string[] => [
    ...new Set(
      rules.flatMap(({ ports = [] }) =>
        ports.map(({ port }) => {
          const name = namesOfPorts[port]
          if (name === undefined) throw new Error(`port ${port} has no name`)
          return name
        }),
      ),
    ),
  ]
  const roleOf = ({ metadata }: KubernetesObject): string | undefined => metadata.labels['app.kubernetes.io/component']
  return Object.fromEntries(
    policies
      .filter((policy) => roleOf(policy) !== undefined)
      .map((policy) => [roleOf(policy), { from: named(policy.spec.ingress), to: named(policy.spec.egress) }]),
  )
}

export async function renewedPage(): Promise<string> {
  const rows = Object.entries(await edges()).map(
    ([role, { from, to }]) => `| \`${role}\` | ${from.join(', ')} | ${to.join(', ')} |`,
  )
  const table = ['| role | is reached by | reaches |', '| --- | --- | --- |', ...rows].join('\n')
  const page = readFileSync(pagePath, 'utf8')
  return `${page.slice(0, page.indexOf(begin))}${begin}\n\n${table}\n\n${page.slice(page.indexOf(end))}`
}

if (import.meta.main) writeFileSync(pagePath, await renewedPage())
