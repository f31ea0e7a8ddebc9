export { type FileContentOptions, openFileContent } from './file-content.ts'
export * from './port.ts'
export { openS3Content, type S3ContentOptions } from './s3/s3-content.ts'
