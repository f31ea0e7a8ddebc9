/** The row `log-level` of the table `policy`: how much processes log for a while, whatever their configuration says. */
import Type, { type Static } from 'typebox'
import { recordVersion } from './message.ts'

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const
export type LoggedLevel = (typeof logLevels)[number]

export const logLevelFields = {
  level: Type.Enum(logLevels, { description: 'lines of this level and above are written' }),
  roles: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
    maxItems: 50,
    uniqueItems: true,
    description: 'whose lines; empty: those of every process',
  }),
}

export const logLevelSchema = Type.Object({
  v: recordVersion,
  kind: Type.Literal('log-level'),
  ...logLevelFields,
  until: Type.Integer({ description: 'then each process is at its configured level again; ms since the epoch' }),
  by: Type.String(),
  at: Type.Integer(),
})
export type LogLevelRow = Static<typeof logLevelSchema>

export const logLevelKey = 'log-level'
