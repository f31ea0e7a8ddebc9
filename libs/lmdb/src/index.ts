export { openEnvironment } from './open-environment.ts'
export * from './port.ts'
