export { type EmbeddedLedgerOptions, openEmbeddedLedger } from './embedded-ledger.ts'
export * from './port.ts'
export { openRedisLedger, type RedisLedgerOptions } from './redis/redis-ledger.ts'
