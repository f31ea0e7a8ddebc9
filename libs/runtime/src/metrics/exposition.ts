/** A registry as text: Prometheus' own format, or OpenMetrics 1.0 with exemplars for who asks for it. */
import type { Registry } from 'prom-client'
import type { Exemplar } from './step-histogram.ts'

export interface Exposition {
  readonly contentType: string
  readonly text: string
}

const openMetrics = 'application/openmetrics-text'

/** `accept`: as the client's field of that name. */
export async function exposition(registry: Registry, accept: string | undefined): Promise<Exposition> {
  const isOpen = accept?.includes(openMetrics) ?? false
  const lines: string[] = []
  for (const { name, help, type, values } of await registry.getMetricsAsJSON()) {
    // prom-client's types call it an enumeration; it is one of the words of the format.
    const kind = String(type)
    const counted = kind === 'counter' ? name.replace(/_total$/, '') : name
    const family = isOpen ? counted : name
    lines.push(`# HELP ${family} ${escaped(help)}`, `# TYPE ${family} ${kind}`)
    for (const value of values) {
      const shown = metricName(value) ?? (isOpen && kind === 'counter' ? `${counted}_total` : name)
      lines.push(`${shown}${labels(value.labels)} ${number(value.value)}${isOpen ? exemplar(value) : ''}`)
    }
  }
  if (isOpen) lines.push('# EOF')
  return {
    contentType: isOpen ? `${openMetrics}; version=1.0.0; charset=utf-8` : 'text/plain; version=0.0.4; charset=utf-8',
    text: `${lines.join('\n')}\n`,
  }
}

/** prom-client's types do not tell these two fields of a value. */
interface ValueOfHistogram {
  readonly value: number
  readonly metricName?: string | undefined
  readonly exemplar?: Exemplar | null | undefined
}

const metricName = ({ metricName }: ValueOfHistogram): string | undefined => metricName

function exemplar({ exemplar: found }: ValueOfHistogram): string {
  if (!found) return ''
  return ` # {trace_id="${found.labelSet.trace_id}"} ${number(found.value)} ${found.timestamp.toFixed(3)}`
}

function labels(given: Readonly<Partial<Record<string, string | number>>>): string {
  const told = Object.entries(given).map(([name, value]) => `${name}="${escaped(String(value)).replaceAll('"', '\\"')}"`)
  return told.length === 0 ? '' : `{${told.join(',')}}`
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')

function number(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf'
}
