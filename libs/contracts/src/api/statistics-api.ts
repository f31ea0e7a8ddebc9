/** Statistics: what was found, counted. */
import Type, { type Static } from 'typebox'
import { actionSchema, modeSchema } from '../records/verdict.ts'
import type { Operation } from './operation.ts'
import { countSchema, orNull, strict, timeSchema } from './words.ts'

export const statisticsDimensions = ['application', 'check', 'mode', 'outcome', 'action'] as const
export type StatisticsDimension = (typeof statisticsDimensions)[number]
const dimension = `(${statisticsDimensions.join('|')})`

export const statisticsSteps = ['hour', 'day'] as const

export const statisticsQuerySchema = Type.Object(
  {
    by: Type.Optional(
      Type.String({
        pattern: `^${dimension}(,${dimension})*$`,
        maxLength: 100,
        default: 'application',
        description: `with commas: ${statisticsDimensions.join(', ')}`,
      }),
    ),
    application: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    check: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    since: Type.Optional(timeSchema('default a day ago; counted in whole hours')),
    until: Type.Optional(timeSchema('default now')),
    step: Type.Optional(Type.Enum(statisticsSteps, { description: 'a row for each hour or day (UTC); default one for all' })),
  },
  strict,
)

export const statisticsRowSchema = Type.Object({
  at: timeSchema('start of the step, or of the whole time'),
  application: Type.Optional(Type.String()),
  check: Type.Optional(Type.String()),
  mode: Type.Optional(modeSchema),
  outcome: Type.Optional(Type.Union([Type.Literal('pass'), Type.Literal('fail'), Type.Literal('unavailable')])),
  action: Type.Optional(actionSchema),
  messages: countSchema('messages; by check, mode, outcome or action: annotations that counted'),
})
export type StatisticsRow = Static<typeof statisticsRowSchema>

export const statisticsSchema = Type.Object({
  since: timeSchema('from'),
  until: timeSchema('before'),
  by: Type.Array(Type.Enum(statisticsDimensions)),
  step: orNull(Type.Enum(statisticsSteps)),
  rows: Type.Array(statisticsRowSchema, { description: 'by time, then by the names' }),
})
export type Statistics = Static<typeof statisticsSchema>

export const statisticsOperations = {
  getStatistics: {
    method: 'GET',
    path: '/api/statistics',
    scope: 'viewer',
    summary: 'Count what the checks found',
    query: statisticsQuerySchema,
    response: statisticsSchema,
  },
} as const satisfies Record<string, Operation>
