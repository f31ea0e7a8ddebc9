export { type FileContentOptions, openFileContent } from './file-content.ts'
export * from './port.ts'
