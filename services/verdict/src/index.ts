export * from './settings.ts'
export * from './start-verdict.ts'
