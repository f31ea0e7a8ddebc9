export { type EmbeddedLimiterOptions, openEmbeddedLimiter } from './embedded-limiter.ts'
export { backlogAt } from './gcra.ts'
export { checkClaims, fillOf, type Judgement, judgeClaims } from './judge-claims.ts'
export * from './port.ts'
