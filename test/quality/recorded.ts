/** The figures of an earlier report, for scorers that are not asked anew: a peer that has not changed takes an hour. */
import { existsSync, readFileSync } from 'node:fs'
import Type from 'typebox'
import { Value } from 'typebox/value'
import type { Figures, ScorerCost } from './figures.ts'

const interval = Type.Object({ value: Type.Number(), low: Type.Number(), high: Type.Number() })
const number = Type.Optional(Type.Number())
const separation = Type.Object({
  scorer: Type.String(),
  ham: Type.Number(),
  spam: Type.Number(),
  auc: interval,
  recallAt1Percent: interval,
  recallAt01Percent: interval,
  ownThreshold: Type.Number(),
  ownRecall: interval,
  ownFalsePositives: interval,
})
const falsePositives = Type.Object({
  scorer: Type.String(),
  of: Type.String(),
  ham: Type.Number(),
  own: interval,
  atLists: interval,
})
const difference = Type.Object({ of: Type.String(), peer: Type.String(), auc: interval, recallAt1Percent: interval })
const cost = { scorer: Type.String(), messages: number, bytes: number, cpuSeconds: number, memoryMib: number }
const reportSchema = Type.Object({
  date: Type.String(),
  costs: Type.Array(Type.Object({ ...cost, date: Type.Optional(Type.String()) })),
  separations: Type.Array(Type.Object({ name: Type.String(), rows: Type.Array(separation) })),
  differences: Type.Optional(Type.Array(difference)),
  synthetic: Type.Array(Type.Object({ name: Type.String(), rows: Type.Array(falsePositives) })),
})

/** Undefined where there is no report yet; throws where it is none. */
export function readRecorded(path: string): Figures | undefined {
  if (!existsSync(path)) return undefined
  const {
    date,
    costs,
    separations,
    differences = [],
    synthetic,
  } = Value.Parse(reportSchema, JSON.parse(readFileSync(path, 'utf8')))
  return { costs: costs.map((one) => ({ date, ...one })), separations, differences, synthetic }
}

/** What is new, and behind it the recorded rows of other scorers over as many messages: over others they would compare nothing. */
export function withRecorded(fresh: Figures, recorded: Figures | undefined): Figures {
  if (!recorded) return fresh
  const isKept = ({ scorer }: { readonly scorer: string }) => !fresh.costs.some((one) => one.scorer === scorer)
  return {
    costs: [...fresh.costs, ...recorded.costs.filter(isKept)],
    differences: fresh.differences,
    separations: joined(fresh.separations, recorded.separations, (a, b) => isKept(b) && a.ham === b.ham && a.spam === b.spam),
    synthetic: joined(fresh.synthetic, recorded.synthetic, (a, b) => isKept(b) && a.of === b.of && a.ham === b.ham),
  }
}

interface Named<Row> {
  readonly name: string
  readonly rows: readonly Row[]
}

/** Behind the rows of each case those that are recorded under its name and belong beside one of them. */
function joined<Row>(
  fresh: readonly Named<Row>[],
  recorded: readonly Named<Row>[],
  belongs: (freshRow: Row, recordedRow: Row) => boolean,
): readonly Named<Row>[] {
  return fresh.map(({ name, rows }) => {
    const before = recorded.find((one) => one.name === name)?.rows ?? []
    return { name, rows: [...rows, ...before.filter((row) => rows.some((one) => belongs(one, row)))] }
  })
}

/** A sentence on the scorers that were measured before; empty where all are of today. */
export function datesSaid(costs: readonly ScorerCost[], today: string): string {
  const dates = [...new Set(costs.map(({ date }) => date))].filter((date) => date !== today)
  return dates
    .map((date) => {
      const names = costs.filter((one) => one.date === date).map(({ scorer }) => scorer)
      return ` Measured on ${date}, on the same messages, and kept: ${names.join(', ')}.`
    })
    .join('')
}
