/** How much is logged, changed while everything runs. */
import Type, { type Static } from 'typebox'
import { logLevelFields } from '../records/log-level.ts'
import type { Operation } from './operation.ts'
import { orNull, reasonTextSchema, strict, timeSchema } from './words.ts'

export const logLevelStateSchema = Type.Object({
  change: orNull(
    Type.Object({ ...logLevelFields, until: timeSchema('when it ends'), by: Type.String(), at: timeSchema('when it was made') }),
  ),
})
export type LogLevelState = Static<typeof logLevelStateSchema>

const answer = { response: logLevelStateSchema }

export const logLevelOperations = {
  getLogLevel: {
    method: 'GET',
    path: '/api/log-level',
    scope: 'viewer',
    summary: 'How much is logged for now; null where every process is at its configured level',
    ...answer,
  },
  setLogLevel: {
    method: 'PUT',
    path: '/api/log-level',
    scope: 'admin',
    summary: 'Changes what every process logs, or those of some roles, for a while; 0 minutes ends it',
    body: Type.Object(
      {
        level: logLevelFields.level,
        roles: Type.Optional(logLevelFields.roles),
        minutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_440, default: 60, description: 'how long' })),
        reason: reasonTextSchema,
      },
      strict,
    ),
    problems: [404],
    ...answer,
  },
} as const satisfies Record<string, Operation>
