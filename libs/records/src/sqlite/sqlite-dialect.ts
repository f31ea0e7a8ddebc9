/** Kysely over `node:sqlite`: its own dialect, which expects the interface of better-sqlite3. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { CallEnded } from '@sallyport/contracts/basics'
import { SqliteDialect } from 'kysely'
import { operationName } from '../sql/operation-name.ts'
import { timeStatement } from './time-statement.ts'

/** Statements that are kept prepared: the shapes of queries are few. */
const maxPrepared = 200

/** `Kysely.destroy` closes the database. `onQuery` is told of each statement but those that are iterated over. */
export function nodeSqliteDialect(database: DatabaseSync, onQuery?: CallEnded): SqliteDialect {
  const prepared = new Map<string, StatementSync>()
  const statementOf = (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known) return known
    if (prepared.size >= maxPrepared) prepared.clear()
    const statement = database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  return new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql) {
        const statement = statementOf(sql)
        const timed = <T>(work: () => T): T => timeStatement(operationName(sql), onQuery, work)
        const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[]
        return {
          reader: statement.columns().length > 0,
          // Rows of node:sqlite have no prototype, which deep comparisons and structured clones tell from other objects.
          all: (parameters) => timed(() => statement.all(...values(parameters))).map((row) => ({ ...row })),
          run: (parameters) => timed(() => statement.run(...values(parameters))),
          iterate: (parameters) => statement.iterate(...values(parameters)),
        }
      },
    },
  })
}
