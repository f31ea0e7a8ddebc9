export * from './assemble-message.ts'
export * from './port.ts'
export * from './sqlite-records.ts'
