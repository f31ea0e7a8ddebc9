/** Backup and restore of what the console keeps: the events that the records are made of. */
import Type, { type Static } from 'typebox'
import type { Operation } from './operation.ts'
import { countSchema } from './words.ts'

export const restoredSchema = Type.Object({ events: countSchema('taken; repeats of known ones change nothing') })
export type Restored = Static<typeof restoredSchema>

const ndjson = 'application/x-ndjson'

export const backupOperations = {
  backupRecords: {
    method: 'GET',
    path: '/api/records',
    scope: 'admin',
    summary: 'Every event that the records keep, a JSON object a line: what a restore takes',
    produces: ndjson,
  },
  restoreRecords: {
    method: 'POST',
    path: '/api/records',
    scope: 'admin',
    summary: 'Add events of a backup to the records; may be repeated, and sent in pieces of at most 1 MiB',
    consumes: ndjson,
    response: restoredSchema,
    problems: [413, 422],
  },
} as const satisfies Record<string, Operation>
