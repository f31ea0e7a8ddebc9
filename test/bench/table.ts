/** The results as a table: each system beside Sallyport, with the ratios. */
import type { Row } from './measure.ts'
import { median } from './median.ts'

export interface LatencyRow {
  readonly system: string
  readonly size: string
  readonly p50Ms: number
  readonly p99Ms: number
}

const ours = 'sallyport'
const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
const share = (rows: readonly Row[], of: (row: Row) => number): string =>
  median(rows.filter(({ system }) => system === ours).map(of)).toFixed(2)
const head = (cells: readonly string[]): string[] => [line(cells), line(cells.map(() => '---'))]

/**
 * Medians over the rounds. `× other`: Sallyport's messages/s over the other's; `CPU`: its CPU seconds per 1,000 over the other's. `idle`: of both
 * cores under Sallyport; `busiest thread`: of Sallyport, how much of the time it ran, and waited for a core.
 */
export function resultTable(systems: readonly string[], rows: readonly Row[], latencies: readonly LatencyRow[]): string {
  const others = systems.filter((system) => system !== ours)
  const lines = head([
    'size',
    'connections',
    'mode',
    ...systems.flatMap((system) => [`${system}/s`, 'CPU s/1,000']),
    ...others.flatMap((other) => [`× ${other}`, `CPU ÷ ${other}`]),
    'idle',
    'busiest thread',
  ])
  const seen = new Set<string>()
  for (const row of rows) {
    const key = `${row.size} ${row.mode} ${row.connections}`
    if (seen.has(key)) continue
    seen.add(key)
    const alike = rows.filter(({ size, mode, connections }) => `${size} ${mode} ${connections}` === key)
    const of = (system: string, field: 'perSecond' | 'cpuSecondsPer1000'): number =>
      median(alike.filter((one) => one.system === system).map((one) => one[field]))
    const ratio = (other: string, field: 'perSecond' | 'cpuSecondsPer1000'): string =>
      of(other, field) > 0 ? (of(ours, field) / of(other, field)).toFixed(2) : '—'
    lines.push(
      line([
        row.size,
        row.connections,
        row.mode,
        ...systems.flatMap((system) => [Math.round(of(system, 'perSecond')), Number(of(system, 'cpuSecondsPer1000').toFixed(3))]),
        ...others.flatMap((other) => [ratio(other, 'perSecond'), ratio(other, 'cpuSecondsPer1000')]),
        share(alike, ({ idle }) => idle),
        `${share(alike, ({ busiest }) => busiest.ran)} + ${share(alike, ({ busiest }) => busiest.waited)}`,
      ]),
    )
  }
  lines.push('', 'DATA→250 on one kept connection, one message at a time:', '', ...head(['size', 'system', 'p50 ms', 'p99 ms']))
  for (const size of new Set(latencies.map((row) => row.size))) {
    for (const system of systems) {
      const of = (field: 'p50Ms' | 'p99Ms'): number =>
        median(latencies.filter((row) => row.system === system && row.size === size).map((row) => row[field]))
      lines.push(line([size, system, Number(of('p50Ms').toFixed(2)), Number(of('p99Ms').toFixed(2))]))
    }
  }
  return lines.join('\n')
}
