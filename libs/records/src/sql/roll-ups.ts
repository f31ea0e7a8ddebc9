/** What queries on roll-ups share: which of them answer for a period. */
import { type AliasedRawBuilder, type RawBuilder, type SqlBool, sql } from 'kysely'
import { hourMs } from '../project/tally.ts'
import type { Period } from '../questions.ts'
import { type CountKind, specs, type Tables } from './tables.ts'

/** From (included) and to (excluded), in hours since the epoch. */
export interface Hours {
  readonly since: number
  readonly until: number
}

export const dayHours = 24
const never = Math.floor((2 ** 31 - 1) / dayHours) * dayHours

/** The hours of a period: from the one that it begins in, to the first that it does not touch. */
export function hoursOf({ since = 0, until }: Period): Hours {
  return { since: Math.floor(since / hourMs), until: until === undefined ? never : Math.ceil(until / hourMs) }
}

/** The sum of a column of counts. */
export const sumOf = (column: string): RawBuilder<number> => sql<number>`sum(${sql.ref(column)})`

type Counted<K extends CountKind> = K extends 'violations'
  ? Tables['hourly_violations'] & { first_hour: number }
  : Tables[`hourly_${K}`]

/**
 * Counts of these hours as rows of an hourly roll-up, in which a whole day stands under its first hour: the hours at both ends are
 * read one by one, and what is between from the daily roll-up. From `singlyFrom` on every hour stands by itself. `only`: conditions on
 * columns that both have; the first is on the application, so that they are read by their key.
 */
export function countedIn<K extends CountKind>(
  kind: K,
  { since, until }: Hours,
  only: readonly RawBuilder<SqlBool>[],
  singlyFrom = until,
): AliasedRawBuilder<Counted<K>, 'counted'> {
  const firstDay = Math.ceil(since / dayHours)
  const endDay = Math.max(firstDay, Math.floor(Math.min(until, singlyFrom) / dayHours))
  const parts =
    firstDay === endDay
      ? [part(kind, 'hour', { since, until }, only)]
      : [
          ...(since < firstDay * dayHours ? [part(kind, 'hour', { since, until: firstDay * dayHours }, only)] : []),
          part(kind, 'day', { since: firstDay, until: endDay }, only),
          ...(endDay * dayHours < until ? [part(kind, 'hour', { since: endDay * dayHours, until }, only)] : []),
        ]
  return sql<Counted<K>>`(${sql.join(parts, sql` union all `)})`.as('counted')
}

export const everyApplication = sql<SqlBool>`application in (select application from applications)`

function part(
  kind: CountKind,
  unit: 'hour' | 'day',
  { since, until }: Hours,
  only: readonly RawBuilder<SqlBool>[],
): RawBuilder<unknown> {
  const columns = Object.keys(specs[`daily_${kind}`].columns).map((column) => {
    if (column === 'day') return unit === 'day' ? sql`day * ${sql.lit(dayHours)} as hour` : sql.ref('hour')
    return column === 'first_hour' && unit === 'hour' ? sql`hour as first_hour` : sql.ref(column)
  })
  const conditions = [...only, sql`${sql.ref(unit)} >= ${since}`, sql`${sql.ref(unit)} < ${until}`]
  const table = sql.table(unit === 'day' ? `daily_${kind}` : `hourly_${kind}`)
  return sql`select ${sql.join(columns)} from ${table} where ${sql.join(conditions, sql` and `)}`
}
