export { type EmbeddedLedgerOptions, openEmbeddedLedger } from './embedded-ledger.ts'
export * from './port.ts'
