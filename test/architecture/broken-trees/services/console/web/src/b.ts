export { startConsole } from '../../src/start-console.ts'
