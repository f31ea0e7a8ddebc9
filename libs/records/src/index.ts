export * from './assemble-message.ts'
export * from './port.ts'
export { openSqliteRecords } from './sqlite-records.ts'
export { openThreadedRecords } from './threaded-records.ts'
