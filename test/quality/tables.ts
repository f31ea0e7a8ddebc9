/** The report's tables in Markdown. */
import type { FalsePositives, PeerDifference, ScorerCost, Separation } from './figures.ts'
import type { Interval } from './metrics.ts'

export function costTable(costs: readonly ScorerCost[]): string {
  const rows = costs.flatMap(({ scorer, messages, cpuSeconds, memoryMib }) => {
    if (messages === undefined || cpuSeconds === undefined || memoryMib === undefined) return []
    const perSecond = messages / cpuSeconds
    return [
      [
        scorer,
        perSecond >= 100 ? thousands(perSecond) : perSecond.toFixed(1),
        ((1000 * cpuSeconds) / messages).toFixed(2),
        thousands(memoryMib),
      ],
    ]
  })
  return table(['scorer', 'messages/s per core', 'CPU ms per message', 'memory, MiB (PSS)'], rows)
}

export function separationTable(rows: readonly Separation[]): string {
  return table(
    ['scorer', 'ham', 'spam', 'ROC AUC', 'recall at 1 % FP', 'recall at 0.1 % FP', 'own threshold', 'its recall', 'its FP'],
    rows.map((row) => [
      row.scorer,
      thousands(row.ham),
      thousands(row.spam),
      `${row.auc.value.toFixed(4)} (${row.auc.low.toFixed(3)}–${row.auc.high.toFixed(3)})`,
      share(row.recallAt1Percent),
      share(row.recallAt01Percent),
      `${row.ownThreshold}`,
      percent(row.ownRecall.value),
      `${percent(row.ownFalsePositives.value)}`,
    ]),
  )
}

/** One line a case, one column a scorer. */
export function crossTable(
  head: string,
  cases: readonly { readonly name: string; readonly rows: readonly Separation[] }[],
): string {
  const scorers = [...new Set(cases.flatMap(({ rows }) => rows.map(({ scorer }) => scorer)))]
  return table(
    [head, 'ham / spam', ...scorers],
    cases.map(({ name, rows }) => [
      name,
      `${thousands(rows[0]?.ham ?? 0)} / ${thousands(rows[0]?.spam ?? 0)}`,
      ...scorers.map((scorer) => {
        const row = rows.find((one) => one.scorer === scorer)
        return row ? `${row.auc.value.toFixed(4)}; ${percent(row.recallAt1Percent.value)}` : '–'
      }),
    ]),
  )
}

export function differenceTable(differences: readonly PeerDifference[]): string {
  const points = ({ value, low, high }: Interval) =>
    `${signed(100 * value, 1)} (${signed(100 * low, 1)} … ${signed(100 * high, 1)})`
  const area = ({ value, low, high }: Interval) => `${signed(value, 4)} (${signed(low, 4)} … ${signed(high, 4)})`
  return table(
    ['spam against ham', 'less', 'ROC AUC', 'recall at 1 % FP, points'],
    differences.map(({ of, peer, auc, recallAt1Percent }) => [of, peer, area(auc), points(recallAt1Percent)]),
  )
}

const signed = (value: number, digits: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`

export function falsePositiveTable(rows: readonly FalsePositives[], threshold: 'own' | 'atLists'): string {
  const groups = [...new Set(rows.map(({ of }) => of))]
  const scorers = [...new Set(rows.map(({ scorer }) => scorer))]
  const cell = (scorer: string, group: string) => rows.find((row) => row.scorer === scorer && row.of === group)
  return table(
    ['scorer', ...groups.map((group) => `${group} (${thousands(cell(scorers[0] ?? '', group)?.ham ?? 0)})`)],
    scorers.map((scorer) => [
      scorer,
      ...groups.map((group) => {
        const row = cell(scorer, group)
        if (!row) return '–'
        return group === 'all' ? share(row[threshold]) : percent(row[threshold].value)
      }),
    ]),
  )
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function share({ value, low, high }: Interval): string {
  return `${percent(value)} (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`
}

export function percent(value: number): string {
  return `${(100 * value).toFixed(value > 0 && value < 0.0995 ? 2 : 1)} %`
}

export function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
