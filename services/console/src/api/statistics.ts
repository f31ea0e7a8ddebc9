/** What the checks found, counted. */
import { operations, type StatisticsDimension, type StatisticsRow, statisticsDimensions } from '@sallyport/contracts'
import type { FastifyInstance } from 'fastify'
import { BadRequest, serve } from './serve.ts'
import type { ApiPorts } from './server.ts'

const day = 86_400_000

export function statisticsRoutes(app: FastifyInstance, { records, ports }: ApiPorts): void {
  serve(app, operations.getStatistics, async ({ query }) => {
    const now = ports.clock.now()
    const { application, check, step, by: written = 'application' } = query
    const until = query.until ?? now
    const since = query.since ?? Math.max(0, until - day)
    if (since > until) throw new BadRequest('query since: is after until')
    const by = statisticsDimensions.filter((dimension) => written.split(',').includes(dimension))
    const of = check !== undefined || by.some((dimension) => dimension !== 'application') ? 'checks' : 'messages'
    const { rows } = await records.statistics({ of, by, application, check, since, until, step })
    return { since, until, by, step: step ?? null, rows: rows.map((row) => shown(row, since, by)) }
  })
}

type Row = Awaited<ReturnType<ApiPorts['records']['statistics']>>['rows'][number]

function shown(row: Row, since: number, by: readonly StatisticsDimension[]): StatisticsRow {
  const keys = Object.fromEntries(by.flatMap((dimension) => (row[dimension] === undefined ? [] : [[dimension, row[dimension]]])))
  return { at: row.at ?? since, ...keys, messages: row.messages }
}
