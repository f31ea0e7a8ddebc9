export * from './policy-publisher.ts'
export * from './settings.ts'
export * from './start-console.ts'
