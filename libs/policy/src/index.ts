export * from './compiled.ts'
export * from './document.ts'
export * from './domain-matcher.ts'
export * from './domain-name.ts'
