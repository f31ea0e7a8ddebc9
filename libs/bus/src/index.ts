export { connectWorkerBus } from './embedded/connect-worker-bus.ts'
export { type EmbeddedBusOptions, maxRecordBytes, openEmbeddedBus } from './embedded/embedded-bus.ts'
export { serveBusToWorker } from './embedded/serve-bus.ts'
export * from './port.ts'
