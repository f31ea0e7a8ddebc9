/** The harness of every checker: a checker is a name and a function, see docs/add-a-checker.md. */
export * from './definition.ts'
export * from './evidence.ts'
export { unavailable } from './judge-message.ts'
export * from './sender-identities.ts'
export * from './settings.ts'
export * from './start-checker.ts'
