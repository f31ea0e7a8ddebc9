export { type EmbeddedBusOptions, maxRecordBytes, openEmbeddedBus } from './embedded/embedded-bus.ts'
export * from './port.ts'
