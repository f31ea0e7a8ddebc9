/** The latencies of the quiet application with and without a flood, and their ratio. */
import { type FloodKind, floodKinds } from './applications.ts'
import type { Times } from './probe.ts'

interface Percentiles {
  readonly p50Ms: number
  readonly p99Ms: number
}

interface Phase {
  readonly messages: number
  readonly reply: Percentiles
  readonly arrived: Percentiles
}

export interface FloodRow {
  readonly kind: FloodKind
  /** Of each round's flood. */
  readonly floods: readonly { readonly codes: Readonly<Record<string, number>>; readonly seconds: number }[]
  readonly quiet: Phase
  readonly flooded: Phase
}

function percentiles(times: readonly number[]): Percentiles {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2))
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}

const phase = (rounds: readonly Times[]): Phase => {
  const replyMs = rounds.flatMap((times) => times.replyMs)
  return { messages: replyMs.length, reply: percentiles(replyMs), arrived: percentiles(rounds.flatMap((times) => times.arrivedMs)) }
}

export const rowOf = (
  kind: FloodKind,
  quiet: readonly Times[],
  flooded: readonly Times[],
  floods: FloodRow['floods'],
): FloodRow => ({ kind, floods, quiet: phase(quiet), flooded: phase(flooded) })

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`

export function floodTable(rows: readonly FloodRow[], about: string): string {
  const head = [
    'the flood has',
    'DATA→250',
    'quiet p50 / p99 ms',
    'in the flood',
    'ratio p50',
    'ratio p99',
    'messages measured',
    'flood answered',
  ]
  const lines = rows.flatMap(({ kind, floods, quiet, flooded }) =>
    (['reply', 'arrived'] as const).map((what) => {
      const ratio = (key: keyof Percentiles): string => (flooded[what][key] / quiet[what][key]).toFixed(2)
      const pair = ({ p50Ms, p99Ms }: Percentiles): string => `${p50Ms} / ${p99Ms}`
      const codes = new Map<string, number>()
      for (const each of floods)
        for (const [code, count] of Object.entries(each.codes)) codes.set(code, (codes.get(code) ?? 0) + count)
      const seconds = floods.reduce((sum, each) => sum + each.seconds, 0)
      const answered = [...codes].map(([code, count]) => `${count} × ${code}`).join(', ')
      return line([
        floodKinds[kind],
        what === 'reply' ? 'DATA→250' : 'DATA→next hop',
        pair(quiet[what]),
        pair(flooded[what]),
        ratio('p50Ms'),
        ratio('p99Ms'),
        `${quiet.messages} / ${flooded.messages}`,
        `${answered} in ${seconds.toFixed(1)} s`,
      ])
    }),
  )
  head[1] = 'latency of the other application'
  return `# A flood beside another application\n\nFour checks enforced; ${about}\n\n${[line(head), line(head.map(() => '---')), ...lines].join('\n')}\n`
}
