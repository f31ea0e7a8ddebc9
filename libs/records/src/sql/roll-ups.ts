/** What queries on roll-ups share. */
import { type RawBuilder, sql } from 'kysely'
import { hourMs } from '../project/tally.ts'
import type { Period } from '../questions.ts'

/** The hours of a period: from the one that it begins in, to the first that it does not touch. */
export function hoursOf({ since = 0, until }: Period): { readonly since: number; readonly until: number } {
  return { since: Math.floor(since / hourMs), until: until === undefined ? 2 ** 31 - 1 : Math.ceil(until / hourMs) }
}

/** The sum of a column of counts. */
export const sumOf = (column: string): RawBuilder<number> => sql<number>`sum(${sql.ref(column)})`
