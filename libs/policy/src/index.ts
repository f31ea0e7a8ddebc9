export * from './compiled.ts'
export * from './document.ts'
