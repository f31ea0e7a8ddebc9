/** Every operation of the console's API: what the console serves, its OpenAPI document says, and its callers ask. */
import { applicationOperations } from './applications-api.ts'
import { auditOperations } from './audit-api.ts'
import { backupOperations } from './backup-api.ts'
import { explainOperations } from './explain-api.ts'
import { limitOperations } from './limits-api.ts'
import { logLevelOperations } from './log-level-api.ts'
import { messageOperations } from './messages-api.ts'
import { overviewOperations } from './overview-api.ts'
import { policyOperations } from './policy-api.ts'
import { quarantineOperations } from './quarantine-api.ts'
import { queueOperations } from './queue-api.ts'
import { sessionOperations } from './session-api.ts'
import { statisticsOperations } from './statistics-api.ts'

export * from './log-level-api.ts'

export const operations = {
  ...sessionOperations,
  ...overviewOperations,
  ...messageOperations,
  ...statisticsOperations,
  ...applicationOperations,
  ...limitOperations,
  ...quarantineOperations,
  ...queueOperations,
  ...policyOperations,
  ...explainOperations,
  ...logLevelOperations,
  ...auditOperations,
  ...backupOperations,
} as const
export type OperationName = keyof typeof operations
