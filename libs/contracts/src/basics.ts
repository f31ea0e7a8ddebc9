/**
 * What needs no schema: for code that runs in threads of its own. The schemas and their library take 40 MB in each thread that
 * loads them.
 */
export * from './call-ended.ts'
export * from './error.ts'
export * from './ids.ts'
export * from './recent-ids.ts'
export * from './records/content-bounds.ts'
export * from './records/event-subject.ts'
export * from './renewed-map.ts'
