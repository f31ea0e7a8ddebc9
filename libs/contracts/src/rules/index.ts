/** What rules say, for whoever shows reasons: 60 KB of words that most of the code has no use for. */
export * from './likeness-words.ts'
export * from './told-reason.ts'
