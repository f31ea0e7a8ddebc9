/** The results as tables, medians over the rounds. */
import { median } from '../median.ts'
import type { CheckerRow } from './checker-rates.ts'
import type { FormRow } from './form.ts'
import type { HopRow } from './hops.ts'

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
const head = (cells: readonly string[]): string[] => [line(cells), line(cells.map(() => '---'))]

export function distributedTable(forms: readonly FormRow[], hops: readonly HopRow[], checkers: readonly CheckerRow[]): string {
  return [...formTable(forms), '', ...cpuTable(forms), '', ...hopTable(hops), '', ...checkerTable(checkers)].join('\n')
}

function formTable(rows: readonly FormRow[]): string[] {
  const lines = ['## Messages of 10 KiB, all four checks enforced', '']
  lines.push(...head(['form', 'messages/s (20 clients)', 'DATA→250 p50, p99 ms (1 client)', 'DATA→250 p50, p99 ms (20 clients)']))
  for (const form of new Set(rows.map((row) => row.form))) {
    const of = (value: (row: FormRow) => number): number => median(rows.filter((row) => row.form === form).map(value))
    const one = `${of(({ oneClient }) => oneClient.p50Ms)}, ${of(({ oneClient }) => oneClient.p99Ms)}`
    const many = `${of(({ manyClients }) => manyClients.p50Ms)}, ${of(({ manyClients }) => manyClients.p99Ms)}`
    lines.push(line([form, of(({ perSecond }) => perSecond), one, many]))
  }
  return lines
}

function cpuTable(rows: readonly FormRow[]): string[] {
  const lines = ['## CPU seconds for 1,000 messages, by process', '', ...head(['form', 'process', 'CPU s/1,000'])]
  for (const form of new Set(rows.map((row) => row.form))) {
    const own = rows.filter((row) => row.form === form)
    const names = Object.keys(own[0]?.cpuSecondsPer1000 ?? {})
    const of = (name: string): number => median(own.map(({ cpuSecondsPer1000 }) => cpuSecondsPer1000[name] ?? Number.NaN))
    for (const name of names) lines.push(line([form, name, of(name)]))
    lines.push(line([form, 'in all', names.reduce((sum, name) => sum + of(name), 0).toFixed(3)]))
  }
  return lines
}

function hopTable(rows: readonly HopRow[]): string[] {
  const lines = ['## Time of each hop, one message at a time, p50 ms', '', ...head(['hop', 'embedded', 'distributed'])]
  for (const hop of new Set(rows.map((row) => row.hop))) {
    const of = (form: string): number => rows.find((row) => row.hop === hop && row.form === form)?.p50Ms ?? Number.NaN
    lines.push(line([hop, of('embedded'), of('distributed')]))
  }
  return lines
}

function checkerTable(rows: readonly CheckerRow[]): string[] {
  const lines = ['## Each checker alone, fed through Kafka', '']
  lines.push(...head(['checker', '1 process, messages/s', 'CPU s/1,000', '2 processes, messages/s', 'CPU s/1,000', '2 ÷ 1']))
  for (const checker of new Set(rows.map((row) => row.checker))) {
    const of = (processes: number, field: 'perSecond' | 'cpuSecondsPer1000'): number =>
      median(rows.filter((row) => row.checker === checker && row.processes === processes).map((row) => row[field]))
    const ratio = (of(2, 'perSecond') / of(1, 'perSecond')).toFixed(2)
    lines.push(
      line([checker, of(1, 'perSecond'), of(1, 'cpuSecondsPer1000'), of(2, 'perSecond'), of(2, 'cpuSecondsPer1000'), ratio]),
    )
  }
  return lines
}
